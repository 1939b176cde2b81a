package dev.weir.server.inference;

import dev.weir.base.problem.Problem;

/** The HTTP status of a problem: of its code where that says enough, else of its kind. */
final class Status {
    private Status() {}

    static int of(Problem problem) {
        return switch (problem.code()) {
            case "endpoint.unknown", "version.unknown", "path.unknown" -> 404;
            case "body.size", "request.rows" -> 413;
            case "body.type" -> 415;
            case "method" -> 405;
            case "endpoint.busy" -> 429;
            case "endpoint.loading" -> 503;
            case "model.timeout" -> 504;
            default ->
                    switch (problem.kind()) {
                        case INPUT, REFUSED, REJECTED, CANCELLED -> 400;
                        case STEP, DEFECT -> 500;
                    };
        };
    }
}
