package dev.weir.project;

import dev.weir.base.digest.CanonicalJson;
import dev.weir.base.digest.Digest;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What Weir itself runs on.
 *
 * @param version of Weir
 * @param jdk the full version of the JVM
 * @param libraries each file of the class path and each native library, by name, with its digest
 * @param folder where these files lie together, so that they can be kept as an artifact
 * @param machine a fingerprint of the processor: what was timed here holds nowhere else
 */
public record Runtime(
        String version,
        String jdk,
        String os,
        String arch,
        SortedMap<String, Digest> libraries,
        Optional<Path> folder,
        String machine) {

    /**
     * What of this machine decides the result of a step that uses these libraries; part of its key.
     *
     * @param names parts of file names, {@code xgboost4j}
     */
    ObjectNode environment(List<String> names) {
        ObjectNode environment = JsonNodeFactory.instance.objectNode();
        environment.put("jdk", feature());
        environment.put("os", os);
        environment.put("arch", arch);
        for (String name : names) {
            environment.put(name, digestOf(name).hex());
        }
        return environment;
    }

    /** Whether a path below {@link #folder} is a library, or a folder of them. */
    boolean isLibrary(Path path) {
        String text = path.toString();
        return libraries.containsKey(text)
                || libraries.keySet().stream().anyMatch(name -> name.startsWith(text + "/"));
    }

    /** The digest of a library, by its path below {@link #folder}. */
    Digest digest(String library) {
        Digest digest = libraries.get(library);
        if (digest == null) {
            throw new IllegalArgumentException("library: " + library);
        }
        return digest;
    }

    /** The JDK's feature version: {@code 25}. */
    private String feature() {
        return jdk.split("[.+-]", 2)[0];
    }

    private Digest digestOf(String name) {
        ObjectNode files = JsonNodeFactory.instance.objectNode();
        new TreeMap<>(libraries)
                .forEach(
                        (file, digest) -> {
                            if (file.contains(name)) {
                                files.put(file, digest.hex());
                            }
                        });
        return CanonicalJson.digest(files);
    }
}
