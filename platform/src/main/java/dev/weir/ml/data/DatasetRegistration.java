package dev.weir.ml.data;

/**
 * What registering gave.
 *
 * @param version the version, new or known
 * @param created false where the dataset had this content already
 */
public record DatasetRegistration(DatasetVersion version, boolean created) {}
