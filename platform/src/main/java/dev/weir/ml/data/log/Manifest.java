package dev.weir.ml.data.log;

import dev.weir.base.digest.CanonicalJson;
import dev.weir.base.digest.JsonTree;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which Parquet files make up a table, and which segments they stand for. To replace it is the one
 * step by which rows move from one file to another.
 *
 * @param files that count
 * @param absorbed segments whose rows are in {@code files}, where the segment may still lie there
 * @param losses rows that should be in the table and are not, by day
 * @param tombstones what was erased
 */
record Manifest(
        List<DataFile> files,
        Set<String> absorbed,
        List<DayLoss> losses,
        List<Tombstone> tombstones) {

    /**
     * A Parquet file.
     *
     * @param name below the folder of rows
     * @param from the earliest time of a row, in microseconds since the epoch
     * @param to the latest
     */
    record DataFile(String name, long rows, long from, long to) {
        String day() {
            return name.substring(0, name.indexOf('/'));
        }
    }

    Manifest {
        files = List.copyOf(files);
        absorbed = Set.copyOf(absorbed);
        losses = List.copyOf(losses);
        tombstones = List.copyOf(tombstones);
    }

    static Manifest read(Path file) throws IOException {
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            return new Manifest(List.of(), Set.of(), List.of(), List.of());
        }
        JsonNode json = JsonTree.read(bytes);
        List<DataFile> files = new ArrayList<>();
        for (JsonNode node : json.required("files")) {
            files.add(
                    new DataFile(
                            node.required("name").stringValue(),
                            node.required("rows").longValue(),
                            node.required("from").longValue(),
                            node.required("to").longValue()));
        }
        List<DayLoss> losses = new ArrayList<>();
        for (JsonNode node : json.required("losses")) {
            losses.add(
                    new DayLoss(
                            node.required("day").stringValue(),
                            Loss.of(node.required("loss").stringValue()),
                            node.required("rows").longValue()));
        }
        List<Tombstone> tombstones = new ArrayList<>();
        for (JsonNode node : json.required("tombstones")) {
            tombstones.add(
                    new Tombstone(
                            node.required("column").stringValue(),
                            texts(node.required("values")),
                            node.required("before").longValue()));
        }
        return new Manifest(
                files, new TreeSet<>(texts(json.required("absorbed"))), losses, tombstones);
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(node -> texts.add(node.stringValue()));
        return texts;
    }

    /** Puts this in the place of what is there, in one step that survives a power cut. */
    void write(Path file) throws IOException {
        Path fresh = file.resolveSibling("manifest.new");
        try (FileChannel channel =
                FileChannel.open(
                        fresh,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(CanonicalJson.bytes(json()));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        force(file.toAbsolutePath().getParent());
    }

    /** Has the disk know which files a folder has. */
    static void force(@Nullable Path folder) throws IOException {
        if (folder != null) {
            try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    private ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        ArrayNode fileNodes = json.putArray("files");
        for (DataFile file : files) {
            fileNodes
                    .addObject()
                    .put("name", file.name())
                    .put("rows", file.rows())
                    .put("from", file.from())
                    .put("to", file.to());
        }
        absorbed.stream().sorted().forEach(json.putArray("absorbed")::add);
        ArrayNode lossNodes = json.putArray("losses");
        for (DayLoss loss : losses) {
            lossNodes
                    .addObject()
                    .put("day", loss.day())
                    .put("loss", loss.loss().word())
                    .put("rows", loss.rows());
        }
        ArrayNode tombstoneNodes = json.putArray("tombstones");
        for (Tombstone tombstone : tombstones) {
            ObjectNode node = tombstoneNodes.addObject();
            node.put("column", tombstone.column()).put("before", tombstone.before());
            tombstone.values().forEach(node.putArray("values")::add);
        }
        return json;
    }
}
