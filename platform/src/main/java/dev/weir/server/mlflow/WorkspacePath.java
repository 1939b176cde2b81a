package dev.weir.server.mlflow;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

/**
 * A path, and the workspace that stands before it: {@code /workspaces/NAME/api/2.0/mlflow/…}, for
 * clients that can be given an address and no header.
 *
 * @param workspace empty where none stands before it
 * @param path what follows
 */
record WorkspacePath(String workspace, String path) {
    private static final String PREFIX = "/workspaces/";

    static WorkspacePath of(String whole) {
        int end = whole.startsWith(PREFIX) ? whole.indexOf('/', PREFIX.length()) : -1;
        return end < 0
                ? new WorkspacePath("", whole)
                : new WorkspacePath(
                        decoded(whole.substring(PREFIX.length(), end)), whole.substring(end));
    }

    private static String decoded(String name) {
        try {
            return URLDecoder.decode(name.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return name; // no workspace has such a name, which is then said
        }
    }

    /**
     * The workspace that a call means.
     *
     * @param header what its header says; may be empty
     */
    String or(String header) {
        if (!workspace.isEmpty() && !header.isEmpty() && !workspace.equals(header)) {
            throw MlflowException.invalid(
                    "X-MLFLOW-WORKSPACE is '%s' and the path is of workspace '%s' (expected: one of them, or both the same)"
                            .formatted(header, workspace));
        }
        return workspace.isEmpty() ? header : workspace;
    }
}
