package dev.weir.ml.data.source;

import dev.weir.base.problem.Place;
import dev.weir.base.problem.Problem;
import dev.weir.ml.data.Findings;

import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One JSON object in each line, as a row of text values in the order of the known names. A key that
 * is not known is added to them where {@code open}, and a problem otherwise.
 */
final class JsonRows implements TextRows {
    private static final byte ABSENT = 1;
    private static final byte TEXT = 2;

    private final Path file;
    private final BufferedReader in;
    private final Map<String, Integer> columns = new LinkedHashMap<>();
    private final boolean open;
    private final Findings findings;
    private final JsonMapper mapper =
            JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

    private byte[] bytes = new byte[1 << 12];
    private int used;
    private int[] starts = new int[0];
    private int[] ends = new int[0];
    private byte[] flags = new byte[0];
    private long line;

    JsonRows(Path file, List<String> names, boolean open, Findings findings) throws IOException {
        this.file = file;
        this.open = open;
        this.findings = findings;
        names.forEach(this::place);
        this.in =
                new BufferedReader(
                        new java.io.InputStreamReader(
                                Files.newInputStream(file),
                                StandardCharsets.UTF_8
                                        .newDecoder()
                                        .onMalformedInput(CodingErrorAction.REPORT)));
    }

    /** The names known so far, in the order in which they came up. */
    List<String> names() {
        return new ArrayList<>(columns.keySet());
    }

    private int place(String name) {
        int next = columns.size();
        columns.put(name, next);
        return next;
    }

    @Override
    public boolean next() throws IOException {
        while (true) {
            String text = readLine();
            if (text == null) {
                return false;
            }
            line++;
            if (text.isBlank()) {
                continue;
            }
            JsonNode row = parse(text);
            if (row != null) {
                take(row);
                return true;
            }
        }
    }

    private @org.jspecify.annotations.Nullable String readLine() throws IOException {
        try {
            return in.readLine();
        } catch (MalformedInputException e) {
            throw Problem.input("table.encoding", "not UTF-8 (expected: text in UTF-8)")
                    .at(Place.of(file, (int) line + 1))
                    .hint("Convert the file, for example: iconv -f WINDOWS-1252 -t UTF-8 " + file)
                    .exception(e);
        }
    }

    private @org.jspecify.annotations.Nullable JsonNode parse(String text) {
        try {
            JsonNode row = mapper.readTree(text);
            if (row.isObject()) {
                return row;
            }
            findings.add(
                    Problem.input(
                                    "table.json",
                                    "a JSON "
                                            + row.getNodeType()
                                                    .name()
                                                    .toLowerCase(java.util.Locale.ROOT)
                                            + " (expected: one object in each line)")
                            .at(place(-1)));
        } catch (JacksonException e) {
            int column = e.getLocation() == null ? 0 : e.getLocation().getColumnNr();
            findings.add(
                    Problem.input(
                                    "table.json",
                                    e.getOriginalMessage() + " (expected: one object in each line)")
                            .at(Place.of(file, (int) line, Math.max(column, 0))));
        }
        return null;
    }

    private void take(JsonNode row) {
        used = 0;
        Arrays.fill(flags, ABSENT);
        for (Map.Entry<String, JsonNode> entry : row.properties()) {
            Integer known = columns.get(entry.getKey());
            if (known == null && !open) {
                findings.add(
                        Problem.input("table.extra-column", entry.getKey() + ": not in the schema")
                                .at(place(-1))
                                .hint("Known are: " + String.join(", ", columns.keySet())));
                continue;
            }
            int column = known == null ? place(entry.getKey()) : known;
            if (column >= flags.length) {
                widen();
            }
            put(column, entry.getKey(), entry.getValue());
        }
        if (flags.length < columns.size()) {
            widen();
        }
    }

    private void widen() {
        int before = flags.length;
        int size = columns.size();
        flags = Arrays.copyOf(flags, size);
        starts = Arrays.copyOf(starts, size);
        ends = Arrays.copyOf(ends, size);
        Arrays.fill(flags, before, size, ABSENT);
    }

    private void put(int column, String name, JsonNode value) {
        if (value.isNull()) {
            return;
        }
        if (value.isContainer()) {
            findings.add(
                    Problem.input(
                                    "table.nested",
                                    name + ": a nested value (expected: text, number or boolean)")
                            .at(place(-1))
                            .hint("Write its parts as columns of their own."));
            return;
        }
        byte[] text = value.asString().getBytes(StandardCharsets.UTF_8);
        if (used + text.length > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, used + text.length));
        }
        System.arraycopy(text, 0, bytes, used, text.length);
        starts[column] = used;
        used += text.length;
        ends[column] = used;
        flags[column] = value.isString() ? TEXT : 0;
    }

    @Override
    public int cells() {
        return columns.size();
    }

    @Override
    public byte[] bytes() {
        return bytes;
    }

    @Override
    public int start(int cell) {
        return starts[cell];
    }

    @Override
    public int end(int cell) {
        return ends[cell];
    }

    @Override
    public boolean absent(int cell) {
        return flags[cell] == ABSENT;
    }

    @Override
    public boolean isText(int cell) {
        return flags[cell] == TEXT;
    }

    @Override
    public long line() {
        return line;
    }

    @Override
    public Place place(int cell) {
        return Place.of(file, (int) Math.min(line, Integer.MAX_VALUE));
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
