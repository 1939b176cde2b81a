package dev.weir.server.mlflow;

import dev.weir.base.problem.Problem;

/** MLflow's words for errors, with their HTTP status (reference: its REST API, section Errors). */
enum ErrorCode {
    INVALID_PARAMETER_VALUE(400),
    RESOURCE_ALREADY_EXISTS(400),
    UNAUTHENTICATED(401),
    PERMISSION_DENIED(403),
    RESOURCE_DOES_NOT_EXIST(404),
    ENDPOINT_NOT_FOUND(404),
    RESOURCE_CONFLICT(409),
    INTERNAL_ERROR(500),
    NOT_IMPLEMENTED(501),
    TEMPORARILY_UNAVAILABLE(503);

    private final int status;

    ErrorCode(int status) {
        this.status = status;
    }

    int status() {
        return status;
    }

    /** What a problem is to a client: by its code where it says enough, else by its kind. */
    static ErrorCode of(Problem problem) {
        String code = problem.code();
        if (code.endsWith(".unknown")) {
            return RESOURCE_DOES_NOT_EXIST;
        }
        if (code.endsWith(".exists")) {
            return RESOURCE_ALREADY_EXISTS;
        }
        return switch (code) {
            case "promotion.moved", "promotion.under-way", "version.needed" -> RESOURCE_CONFLICT;
            case "promotion.gates",
                    "promotion.never-judged",
                    "promotion.recipe",
                    "promotion.monitor",
                    "promotion.who",
                    "version.stage" ->
                    PERMISSION_DENIED;
            case "database.busy" -> TEMPORARILY_UNAVAILABLE;
            default ->
                    switch (problem.kind()) {
                        case INPUT, REFUSED, REJECTED, CANCELLED -> INVALID_PARAMETER_VALUE;
                        case STEP, DEFECT -> INTERNAL_ERROR;
                    };
        };
    }
}
