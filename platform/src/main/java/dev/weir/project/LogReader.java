package dev.weir.project;

import dev.weir.pipeline.AttemptReport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;

/**
 * Reads the log of an attempt from where it stopped reading last. Only whole lines are given while
 * the attempt runs, so that no character is cut in two.
 */
public final class LogReader {
    private static final int CHUNK_BYTES = 1 << 16;
    private static final byte LINE_END = '\n';

    private final AttemptReport attempt;
    private long read;

    /** Reads from the beginning. */
    public LogReader(AttemptReport attempt) {
        this.attempt = attempt;
    }

    /** Whose log it is. */
    public AttemptReport attempt() {
        return attempt;
    }

    /**
     * What was written since the last call, at most some 64 KiB; empty where there is nothing new.
     *
     * @param ended whether nothing more will be written, so that a last line without its end counts
     */
    public String more(boolean ended) {
        try (SeekableByteChannel log = Files.newByteChannel(attempt.log())) {
            log.position(Math.min(read, log.size()));
            ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES);
            while (chunk.hasRemaining() && log.read(chunk) >= 0) {
                continue;
            }
            int length = chunk.position();
            int whole = length;
            while (whole > 0 && chunk.get(whole - 1) != LINE_END) {
                whole--;
            }
            boolean all = whole == 0 && length == CHUNK_BYTES; // a line longer than the chunk
            int taken = all || ended && length < CHUNK_BYTES ? length : whole;
            read += taken;
            return new String(chunk.array(), 0, taken, StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            return "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether the log is there: old ones are removed by {@code weir store gc}. */
    public boolean kept() {
        return Files.exists(attempt.log());
    }
}
