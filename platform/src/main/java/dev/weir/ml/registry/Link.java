package dev.weir.ml.registry;

import java.util.Locale;

/** One of the six things that made a model version. */
public enum Link {
    /** The team's own code: the tree as an artifact, its commit, dirty or not. */
    CODE,
    /** The dataset version. */
    DATA,
    /** The definition of the features. */
    FEATURES,
    /** Hyper-parameters and seed, resolved. */
    CONFIG,
    /** JVM, system, architecture, lock file or image, the trainer's class path. */
    ENVIRONMENT,
    /** The run that trained it. */
    RUN;

    /** The word that people and JSON use: lower case. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
