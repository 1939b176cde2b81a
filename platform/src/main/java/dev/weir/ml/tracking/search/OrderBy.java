package dev.weir.ml.tracking.search;

/** One field of an order. What lacks it comes last, whichever the direction. */
public record OrderBy(Field field, boolean ascending) {}
