package dev.weir.stage.validate;

import dev.weir.ml.model.Columns;

import org.jspecify.annotations.Nullable;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * Rows for a process that is to read them without a database's memory: columns one after the other,
 * numbers as doubles, texts with their lengths.
 */
final class RowFile {
    private static final int MISSING = -1;

    private RowFile() {}

    static void write(Path file, Columns columns) throws IOException {
        try (DataOutputStream out =
                new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
            out.writeInt(columns.rows());
            out.writeInt(columns.byName().size());
            for (Map.Entry<String, Columns.Column> column : columns.byName().entrySet()) {
                text(out, column.getKey());
                switch (column.getValue()) {
                    case Columns.Numbers(double[] values) -> {
                        out.writeBoolean(true);
                        for (double value : values) {
                            out.writeDouble(value);
                        }
                    }
                    case Columns.Texts texts -> {
                        @Nullable String[] values = texts.values();
                        out.writeBoolean(false);
                        for (@Nullable String value : values) {
                            text(out, value);
                        }
                    }
                }
            }
        }
    }

    private static void text(DataOutputStream out, @Nullable String text) throws IOException {
        if (text == null) {
            out.writeInt(MISSING);
        } else {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            out.writeInt(bytes.length);
            out.write(bytes);
        }
    }

    static Columns read(Path file) throws IOException {
        try (DataInputStream in =
                new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
            int rows = in.readInt();
            int count = in.readInt();
            Map<String, Columns.Column> columns = new HashMap<>();
            for (int c = 0; c < count; c++) {
                String name = text(in);
                if (in.readBoolean()) {
                    double[] values = new double[rows];
                    for (int i = 0; i < rows; i++) {
                        values[i] = in.readDouble();
                    }
                    columns.put(String.valueOf(name), new Columns.Numbers(values));
                } else {
                    @Nullable String[] values = new @Nullable String[rows];
                    for (int i = 0; i < rows; i++) {
                        values[i] = text(in);
                    }
                    columns.put(String.valueOf(name), new Columns.Texts(values));
                }
            }
            return new Columns(rows, columns);
        }
    }

    private static @Nullable String text(DataInputStream in) throws IOException {
        int length = in.readInt();
        return length == MISSING ? null : new String(in.readNBytes(length), StandardCharsets.UTF_8);
    }
}
