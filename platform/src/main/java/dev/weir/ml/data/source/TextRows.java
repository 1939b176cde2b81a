package dev.weir.ml.data.source;

import dev.weir.base.problem.Place;

import java.io.Closeable;
import java.io.IOException;

/**
 * Rows of text values from one file, one row at a time. A value is a range of bytes in UTF-8 that
 * is good until the next row is read.
 */
interface TextRows extends Closeable {
    /** Reads the next row; false at the end. */
    boolean next() throws IOException;

    /** How many values the row has. */
    int cells();

    /** The bytes that hold the row. */
    byte[] bytes();

    /** Where value {@code cell} begins. */
    int start(int cell);

    /** Where value {@code cell} ends, exclusive. */
    int end(int cell);

    /** Whether the file itself says that there is no value (JSON's null, an absent key). */
    boolean absent(int cell);

    /** Whether the file says that the value is text (a JSON string). */
    boolean isText(int cell);

    /** The physical line on which the row begins, from 1. */
    long line();

    /** The place of a value, for a message. */
    Place place(int cell);
}
