package dev.weir.ml.tracking;

import dev.weir.base.problem.Problem;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * Where an artifact is: parts between slashes, none of them empty, {@code .} or {@code ..}. A path
 * is a name and never a place on a disk.
 *
 * @param text {@code 3/RUN/artifacts/model/MLmodel}; empty for what is above all
 */
public record ArtifactPath(String text) {
    /** What is above all. */
    public static final ArtifactPath ROOT = new ArtifactPath("");

    private static final int LONGEST = 2_000;

    public ArtifactPath {
        if (!stays(text) || !stays(decoded(text)) || !stays(decoded(decoded(text)))) {
            throw Problem.input(
                            "artifact.path",
                            "Invalid path: '"
                                    + shown(text)
                                    + "' (expected: parts between slashes, none of them . or ..)")
                    .exception();
        }
    }

    /** What is below a folder. */
    public ArtifactPath child(String below) {
        return below.isEmpty()
                ? this
                : new ArtifactPath(text.isEmpty() ? below : text + "/" + below);
    }

    /** The last part; empty for what is above all. */
    public String name() {
        return text.substring(text.lastIndexOf('/') + 1);
    }

    /** The folder that it is in; empty for what is above all. */
    ArtifactPath parent() {
        return new ArtifactPath(text.contains("/") ? text.substring(0, text.lastIndexOf('/')) : "");
    }

    private static boolean stays(String path) {
        if (path.isEmpty()) {
            return true;
        }
        if (path.length() > LONGEST || path.indexOf('\\') >= 0) {
            return false;
        }
        if (path.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
            return false;
        }
        return Pattern.compile("/")
                .splitAsStream(path + "/.end")
                .map(part -> part.contains(";") ? part.substring(0, part.indexOf(';')) : part)
                .noneMatch(part -> part.isEmpty() || part.equals(".") || part.equals(".."));
    }

    /** What is behind percent signs, for whoever decodes once more than needed. */
    private static String decoded(String path) {
        try {
            return URLDecoder.decode(path.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return path; // a percent sign that is nothing but one
        }
    }

    private static String shown(String text) {
        String cut = text.length() > 200 ? text.substring(0, 200) + "…" : text;
        return cut.replaceAll("\\p{Cntrl}", "?");
    }
}
