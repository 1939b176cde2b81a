package dev.weir.base.problem;

import java.nio.file.Path;

/**
 * A place in a file that a person can go to.
 *
 * @param file the file as the user named it
 * @param line counted from 1; 0 where the file as a whole is meant
 * @param column counted from 1; 0 where the line as a whole is meant
 */
public record Place(String file, int line, int column) {
    /** The file as a whole. */
    public static Place of(Path file) {
        return new Place(file.toString(), 0, 0);
    }

    /** A line of a file, counted from 1. */
    public static Place of(Path file, int line) {
        return new Place(file.toString(), line, 0);
    }

    /** A position in a file; line and column counted from 1. */
    public static Place of(Path file, int line, int column) {
        return new Place(file.toString(), line, column);
    }

    /** {@code file:line:column}, as editors and terminals make it clickable. */
    @Override
    public String toString() {
        if (line == 0) {
            return file;
        }
        return column == 0 ? file + ":" + line : file + ":" + line + ":" + column;
    }
}
