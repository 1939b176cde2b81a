package dev.weir.store.blob;

import dev.weir.base.digest.Digest;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;

/** The bytes of a blob, which are compared with its digest when the last has been read. */
final class VerifyingStream extends FilterInputStream {
    private final Digest expected;
    private final MessageDigest sha256 = Digest.sha256();
    private boolean ended;

    VerifyingStream(InputStream content, Digest expected) {
        super(content);
        this.expected = expected;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int n = super.read(buffer, offset, length);
        if (n >= 0) {
            sha256.update(buffer, offset, n);
        } else if (!ended) {
            ended = true;
            Digest found = Digest.finish(sha256);
            if (!found.equals(expected)) {
                throw Faults.corrupt(expected, found);
            }
        }
        return n;
    }

    /** What is skipped is read, so that it counts. */
    @Override
    public long skip(long most) throws IOException {
        byte[] buffer = new byte[(int) Math.clamp(most, 1, 1 << 16)];
        long skipped = 0;
        while (skipped < most) {
            int n = read(buffer, 0, (int) Math.min(buffer.length, most - skipped));
            if (n < 0) {
                break;
            }
            skipped += n;
        }
        return skipped;
    }

    @Override
    public boolean markSupported() {
        return false;
    }
}
