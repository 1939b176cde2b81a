package dev.weir.base.config;

/**
 * The published JSON Schemas of the files that a team writes. They stand in the repository under
 * {@code platform/src/main/resources/dev/weir/schemas}, so that editors complete and check.
 */
public enum ConfigSchema {
    /** {@code weir.yaml}. */
    PROJECT("weir"),
    /** {@code pipelines/<model>.yaml}. */
    PIPELINE("pipeline"),
    /** {@code expectations/<name>.yaml}. */
    EXPECTATIONS("expectations"),
    /** {@code configs/training/<model>.yaml}: of its parameters only what all trainers share. */
    TRAINING("training");

    private final String name;

    ConfigSchema(String name) {
        this.name = name;
    }

    /** The resource that holds the schema. */
    public String resource() {
        return "/dev/weir/schemas/" + name + ".schema.json";
    }
}
