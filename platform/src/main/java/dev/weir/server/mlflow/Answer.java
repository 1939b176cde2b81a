package dev.weir.server.mlflow;

import tools.jackson.core.JsonGenerator;

/** The fields of an answer; written after the work is done and its transaction has ended. */
@FunctionalInterface
interface Answer {
    /** An answer without fields. */
    Answer EMPTY = json -> {};

    /** Writes the fields of a JSON object that is open. */
    void write(JsonGenerator json);
}
