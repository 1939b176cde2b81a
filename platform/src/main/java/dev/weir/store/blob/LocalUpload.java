package dev.weir.store.blob;

import dev.weir.base.digest.Digest;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * An upload to a local disk. All files are written before the first is synced, and each folder is
 * synced once: the disk then does in one go what it would do for each file. Used by one thread.
 */
final class LocalUpload implements BlobStore.Upload {
    /** A file up to this size is read whole, and written only where its blob is not there yet. */
    private static final int SMALL_BYTES = 1 << 20;

    private static final int SYNCS_AT_ONCE = 16;

    private final LocalBlobStore store;
    private final Incoming incoming;
    private final Disk disk;
    private final Path root;

    /** What has been written, by its name to be. */
    private final Map<Digest, Path> written = new LinkedHashMap<>();

    /** Folders with names that may not be durable yet, in the order in which they are to be. */
    private final Set<Path> unsynced = new LinkedHashSet<>();

    LocalUpload(LocalBlobStore store, Incoming incoming, Disk disk, Path root) {
        this.store = store;
        this.incoming = incoming;
        this.disk = disk;
        this.root = root;
    }

    @Override
    public BlobStore.Put put(byte[] content) {
        Digest digest = Digest.of(content);
        if (!known(digest, content.length)) {
            keep(digest, content);
        }
        return new BlobStore.Put(digest, content.length);
    }

    @Override
    public BlobStore.Put put(Path file) {
        byte[] whole;
        try (InputStream in = Files.newInputStream(file)) {
            long sizeBytes = Files.size(file);
            if (sizeBytes > SMALL_BYTES) {
                return write(new Source(in, file.toString()), sizeBytes);
            }
            whole = in.readAllBytes();
        } catch (IOException e) {
            throw Faults.source(file.toString(), e);
        }
        return put(whole);
    }

    @Override
    public BlobStore.Put put(InputStream content) {
        return write(new Source(content, "the content to be put"), -1);
    }

    /** Tells a failure to read what is put from a failure to write it. */
    private static final class Source extends FilterInputStream {
        private final String what;

        Source(InputStream content, String what) {
            super(content);
            this.what = what;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) {
            try {
                return super.read(buffer, offset, length);
            } catch (IOException e) {
                throw Faults.source(what, e);
            }
        }
    }

    /** Whether these bytes need not be written. */
    private boolean known(Digest digest, long sizeBytes) {
        if (written.containsKey(digest)) {
            return true;
        }
        try {
            if (store.putAgain(digest, sizeBytes)) {
                unsynced.add(folderOf(store.path(digest)));
                return true;
            }
            return false;
        } catch (IOException e) {
            throw Faults.reading(store.path(digest), e);
        }
    }

    private void keep(Digest digest, byte[] content) {
        Path file = null;
        try {
            Incoming.Draft draft = incoming.create();
            file = draft.file();
            try (OutputStream out = draft.out()) {
                out.write(content);
            }
            written.put(digest, file);
        } catch (IOException e) {
            if (file != null) {
                drop(file);
            }
            throw Faults.writing(root, content.length, e);
        }
    }

    private BlobStore.Put write(InputStream content, long expectedBytes) {
        Path file = null;
        boolean kept = false;
        try {
            Incoming.Draft draft = incoming.create();
            file = draft.file();
            MessageDigest sha256 = Digest.sha256();
            long sizeBytes;
            try (OutputStream out = draft.out()) {
                byte[] buffer =
                        LocalBlobStore.buffer(
                                expectedBytes < 0 ? LocalBlobStore.BUFFER_BYTES : expectedBytes);
                sizeBytes = LocalBlobStore.copy(content, out, sha256, buffer);
            }
            Digest digest = Digest.finish(sha256);
            if (!known(digest, sizeBytes)) {
                written.put(digest, file);
                kept = true;
            }
            return new BlobStore.Put(digest, sizeBytes);
        } catch (IOException e) {
            throw Faults.writing(root, expectedBytes, e);
        } finally {
            if (!kept && file != null) {
                drop(file);
            }
        }
    }

    @Override
    public void publish() {
        try {
            force(written.values());
            for (Map.Entry<Digest, Path> one : List.copyOf(written.entrySet())) {
                Path blob = store.path(one.getKey());
                makeFolder(folderOf(blob));
                disk.move(one.getValue(), blob);
                written.remove(one.getKey());
                unsynced.add(folderOf(blob));
            }
            force(unsynced);
            unsynced.clear();
        } catch (IOException e) {
            throw Faults.writing(root, -1, e);
        }
    }

    /** Side by side: the disk then writes its journal once for many. */
    private void force(Collection<Path> paths) throws IOException {
        if (paths.size() <= 2) {
            for (Path path : paths) {
                disk.force(path);
            }
            return;
        }
        int threads = Math.min(SYNCS_AT_ONCE, paths.size());
        try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            List<Future<Boolean>> forced = new ArrayList<>(paths.size());
            for (Path path : paths) {
                forced.add(
                        pool.submit(
                                () -> {
                                    disk.force(path);
                                    return true;
                                }));
            }
            for (Future<Boolean> one : forced) {
                one.get();
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException failed) {
                throw failed;
            }
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the disk was written", e);
        }
    }

    /** A folder is as durable as its name in the folder above. */
    private void makeFolder(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            makeFolder(folderOf(folder));
            Files.createDirectories(folder);
            unsynced.add(folderOf(folder));
        }
    }

    private static Path folderOf(Path path) {
        Path folder = path.toAbsolutePath().getParent();
        if (folder == null) {
            throw new IllegalStateException(path + ": the root (expected: a folder below it)");
        }
        return folder;
    }

    @Override
    public void close() {
        written.values().forEach(LocalUpload::drop);
        written.clear();
    }

    private static void drop(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw Faults.writing(file, -1, e);
        }
    }
}
