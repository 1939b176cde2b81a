package dev.weir.ml.tracking;

/**
 * A logged model that a run used or gave.
 *
 * @param step at which it gave it; 0 of one that it used
 */
public record ModelUse(String modelId, Role role, long step) {
    /** Which way. */
    public enum Role {
        INPUT,
        OUTPUT
    }
}
