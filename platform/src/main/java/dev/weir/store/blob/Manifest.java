package dev.weir.store.blob;

import dev.weir.base.digest.CanonicalJson;
import dev.weir.base.digest.Digest;
import dev.weir.base.digest.JsonTree;
import dev.weir.base.problem.Problem;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * What is in a folder.
 *
 * @param entries in the order of their names' code points, which is that of their UTF-8 bytes
 */
record Manifest(List<Entry> entries) {
    private static final String FORMAT = "weir-tree/1";

    /** Names in the order of their code points. */
    static final Comparator<String> BY_CODE_POINT =
            (a, b) ->
                    Arrays.compareUnsigned(
                            a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));

    /**
     * A file or a folder in it.
     *
     * @param name one name, without separators
     * @param kind what the digest names
     * @param digest of the file's bytes or of the folder's manifest
     * @param sizeBytes of the file, or of all files below
     * @param executable whether the owner may execute the file; false for a folder
     */
    record Entry(
            String name, Artifact.Kind kind, Digest digest, long sizeBytes, boolean executable) {
        Entry {
            if (name.isEmpty()
                    || name.equals(".")
                    || name.equals("..")
                    || name.indexOf('/') >= 0
                    || name.indexOf('\\') >= 0
                    || name.indexOf('\0') >= 0
                    || name.indexOf('\ufffd') >= 0
                    || !StandardCharsets.UTF_8.newEncoder().canEncode(name)) {
                throw new IllegalArgumentException(
                        "name: " + name + " (expected: one file's name in UTF-8)");
            }
            if (sizeBytes < 0) {
                throw new IllegalArgumentException("size: " + sizeBytes + " (expected: 0 or more)");
            }
        }

        static Entry file(String name, Digest digest, long sizeBytes, boolean executable) {
            return new Entry(name, Artifact.Kind.FILE, digest, sizeBytes, executable);
        }

        static Entry folder(String name, Digest digest, long sizeBytes) {
            return new Entry(name, Artifact.Kind.FOLDER, digest, sizeBytes, false);
        }
    }

    Manifest {
        entries =
                entries.stream().sorted(Comparator.comparing(Entry::name, BY_CODE_POINT)).toList();
        for (int i = 1; i < entries.size(); i++) {
            if (entries.get(i).name().equals(entries.get(i - 1).name())) {
                throw new IllegalArgumentException(
                        "name: " + entries.get(i).name() + ", twice (expected: once)");
            }
        }
    }

    long sizeBytes() {
        return entries.stream().mapToLong(Entry::sizeBytes).sum();
    }

    /** The canonical bytes, whose digest is the folder's name. */
    byte[] json() {
        ArrayNode list = JsonNodeFactory.instance.arrayNode(entries.size());
        for (Entry entry : entries) {
            ObjectNode one = list.addObject();
            one.put("name", entry.name());
            one.put("kind", entry.kind().word());
            one.put("digest", entry.digest().hex());
            one.put("size", entry.sizeBytes());
            if (entry.kind() == Artifact.Kind.FILE) {
                one.put("executable", entry.executable());
            }
        }
        ObjectNode whole = JsonNodeFactory.instance.objectNode();
        whole.put("format", FORMAT);
        whole.set("entries", list);
        return CanonicalJson.bytes(whole);
    }

    /** Reads a manifest, which may come from a stranger's store: only the canonical form counts. */
    static Manifest parse(Digest tree, byte[] json) {
        try {
            JsonNode whole = JsonTree.read(json);
            String format = whole.path("format").asString("");
            if (!format.equals(FORMAT)) {
                throw new IllegalArgumentException(
                        "format: " + format + " (expected: " + FORMAT + ")");
            }
            List<Entry> entries = new ArrayList<>();
            for (JsonNode one : whole.path("entries")) {
                entries.add(
                        new Entry(
                                one.path("name").asString(""),
                                Artifact.Kind.of(one.path("kind").asString("")),
                                new Digest(one.path("digest").asString("")),
                                one.path("size").asLong(-1),
                                one.path("executable").asBoolean(false)));
            }
            Manifest manifest = new Manifest(entries);
            if (!Arrays.equals(manifest.json(), json)) {
                throw new IllegalArgumentException("not in canonical form");
            }
            return manifest;
        } catch (JacksonException | IllegalArgumentException e) {
            throw Problem.input(
                            "tree.manifest",
                            "blob " + tree + ": not the manifest of a folder: " + e.getMessage())
                    .exception(e);
        }
    }
}
