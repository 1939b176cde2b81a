package dev.weir.pipeline;

/**
 * What a step needs while it runs, or what a machine has. Not part of a key.
 *
 * @param cpu cores, may be a fraction
 */
public record Resources(double cpu, long memoryBytes, int gpu) {
    /** One core and no claim on memory. */
    public static final Resources ONE_CORE = new Resources(1, 0, 0);

    static final Resources NONE = new Resources(0, 0, 0);

    public Resources {
        if (!(cpu >= 0) || memoryBytes < 0 || gpu < 0) {
            throw new IllegalArgumentException(
                    "resources: cpu %s, memory %d, gpu %d (expected: none below 0)"
                            .formatted(cpu, memoryBytes, gpu));
        }
    }

    /** As a person reads it: {@code 2 cpu, 4096 MiB, 0 gpu}. */
    public String text() {
        return "%s cpu, %d MiB, %d gpu"
                .formatted(
                        cpu == Math.rint(cpu) ? Long.toString((long) cpu) : Double.toString(cpu),
                        memoryBytes >> 20,
                        gpu);
    }

    Resources plus(Resources other) {
        return new Resources(cpu + other.cpu, memoryBytes + other.memoryBytes, gpu + other.gpu);
    }

    boolean fitsIn(Resources whole) {
        return cpu <= whole.cpu + 1e-9 && memoryBytes <= whole.memoryBytes && gpu <= whole.gpu;
    }
}
