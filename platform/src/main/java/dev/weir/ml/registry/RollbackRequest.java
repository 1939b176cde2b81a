package dev.weir.ml.registry;

/**
 * A request to go back to what was in production before.
 *
 * @param model the registered model's name
 * @param expected what must be in production, else the request is refused
 * @param reason for the record; may be empty
 */
public record RollbackRequest(String model, Production expected, String reason) {
    /** A request without a reason, whatever is in production. */
    public static RollbackRequest of(String model) {
        return new RollbackRequest(model, new Production.Whatever(), "");
    }
}
