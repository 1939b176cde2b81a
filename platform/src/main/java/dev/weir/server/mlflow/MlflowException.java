package dev.weir.server.mlflow;

/** An answer that is an error in MLflow's words. */
final class MlflowException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;

    MlflowException(ErrorCode code, String message) {
        super(message);
        this.code = code;
    }

    static MlflowException invalid(String message) {
        return new MlflowException(ErrorCode.INVALID_PARAMETER_VALUE, message);
    }

    static MlflowException missing(String parameter) {
        return invalid(
                "Missing value for required parameter '"
                        + parameter
                        + "'. See the API docs for more information about request parameters.");
    }

    static MlflowException wrongType(String parameter, Object value, String expected) {
        return invalid(
                "Invalid value %s for parameter '%s' supplied (expected: %s)"
                        .formatted(value, parameter, expected));
    }

    static MlflowException unknown(String message) {
        return new MlflowException(ErrorCode.RESOURCE_DOES_NOT_EXIST, message);
    }

    ErrorCode code() {
        return code;
    }
}
