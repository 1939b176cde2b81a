package dev.weir.server.mlflow;

import dev.weir.base.digest.Digest;
import dev.weir.ml.tracking.ArtifactEntry;
import dev.weir.ml.tracking.ArtifactFile;
import dev.weir.ml.tracking.ArtifactPath;
import dev.weir.server.Call;
import dev.weir.store.blob.BlobStore;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code mlflow-artifacts/artifacts/PATH}: files, streamed in both directions, with as much memory
 * for five gigabytes as for one byte.
 */
final class ArtifactProxy {
    private static final int BUFFER = 64 << 10;

    private static final Set<String> TEXTS =
            Set.of(
                    "txt",
                    "log",
                    "err",
                    "cfg",
                    "conf",
                    "cnf",
                    "ini",
                    "properties",
                    "prop",
                    "md",
                    "rst",
                    "yaml",
                    "yml",
                    "xml",
                    "json",
                    "js",
                    "py",
                    "py3",
                    "csv",
                    "tsv",
                    "mlmodel",
                    "mlproject",
                    "toml",
                    "sql",
                    "sh",
                    "r",
                    "java",
                    "html",
                    "svg");

    private static final Pattern RANGE = Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})");

    /** Answers PUT, GET or DELETE of a path. */
    void answer(Workspace in, Call call, ArtifactPath path) throws IOException {
        switch (call.method()) {
            case "PUT" -> upload(in, call, path);
            case "GET" -> download(in, call, path);
            case "DELETE" -> {
                in.change(tx -> in.artifacts().delete(tx, path));
                call.json(200, MlflowDoor.EMPTY);
            }
            default ->
                    throw new MlflowException(
                            ErrorCode.ENDPOINT_NOT_FOUND,
                            "No endpoint is at " + call.method() + " " + call.path());
        }
    }

    private static void upload(Workspace in, Call call, ArtifactPath path) {
        try (BlobStore.Upload upload = in.blobs().upload()) {
            BlobStore.Put put = upload.put(call.content());
            upload.publish();
            in.change(tx -> in.artifacts().put(tx, path, put.digest(), put.sizeBytes()));
        }
        call.json(200, MlflowDoor.EMPTY);
    }

    void download(Workspace in, Call call, ArtifactPath path) throws IOException {
        ArtifactFile file =
                in.read(tx -> Kept.find(in, tx, path))
                        .orElseThrow(
                                () ->
                                        MlflowException.unknown(
                                                "No such artifact: '" + path.text() + "'"));
        long first = 0;
        long last = file.sizeBytes() - 1;
        int status = 200;
        Matcher range = RANGE.matcher(call.header("Range").orElse(""));
        if (range.matches() && !range.group().equals("bytes=-")) {
            status = 206;
            if (range.group(1).isEmpty()) {
                first = Math.max(0, file.sizeBytes() - Long.parseLong(range.group(2)));
            } else {
                first = Long.parseLong(range.group(1));
                last =
                        range.group(2).isEmpty()
                                ? last
                                : Math.min(last, Long.parseLong(range.group(2)));
            }
            if (first > last) {
                call.reply("Content-Range", "bytes */" + file.sizeBytes());
                call.send(416, "text/plain; charset=utf-8", new byte[0]);
                return;
            }
            call.reply("Content-Range", "bytes %d-%d/%d".formatted(first, last, file.sizeBytes()));
        }
        call.reply("Accept-Ranges", "bytes")
                .reply("X-Content-Type-Options", "nosniff")
                .reply(
                        "Content-Disposition",
                        "attachment; filename*=UTF-8''" + encoded(path.name()))
                .reply("Content-Length", Long.toString(last - first + 1));
        if (file.sizeBytes() == 0) {
            call.send(status, type(path.name()), new byte[0]);
            return;
        }
        try (OutputStream out = call.stream(status, type(path.name()))) {
            copy(in.blobs(), file.digest(), first, last - first + 1, out);
        }
    }

    private static void copy(
            BlobStore blobs, Digest digest, long from, long length, OutputStream out)
            throws IOException {
        try (InputStream content = blobs.open(digest)) {
            content.skipNBytes(from);
            byte[] buffer = new byte[BUFFER];
            long left = length;
            while (left > 0) {
                int read = content.read(buffer, 0, (int) Math.min(buffer.length, left));
                if (read < 0) {
                    throw new IOException("blob " + digest.brief() + " ends too early");
                }
                out.write(buffer, 0, read);
                left -= read;
            }
        }
    }

    /** Texts are shown as such; what a browser would run is a text too, and saved. */
    private static String type(String name) {
        String extension = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        return TEXTS.contains(extension) ? "text/plain; charset=utf-8" : "application/octet-stream";
    }

    private static String encoded(String name) {
        return java.net.URLEncoder.encode(name, java.nio.charset.StandardCharsets.UTF_8)
                .replace("+", "%20");
    }

    /** {@code GET mlflow-artifacts/artifacts?path=FOLDER}: names without the folder. */
    static Answer list(Workspace in, ArtifactPath folder) {
        List<ArtifactEntry> entries = in.read(tx -> Kept.list(in, tx, folder));
        return json -> ArtifactCalls.write(json, "", entries);
    }
}
