package dev.weir.stage.deploy;

/** A version of a model that stands behind an endpoint, or is about to. */
public record Placed(String model, long version) {
    @Override
    public String toString() {
        return model + ":" + version;
    }
}
