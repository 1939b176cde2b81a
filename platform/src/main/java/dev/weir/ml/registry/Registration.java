package dev.weir.ml.registry;

/**
 * What registering gave.
 *
 * @param version the version, new or known
 * @param created false where the recipe is unchanged, so that the known version stands for it
 */
public record Registration(ModelVersion version, boolean created) {}
