package dev.weir.ml.registry;

/**
 * A request to move a version to a stage.
 *
 * @param version which version
 * @param target where to
 * @param expected what must be in production, else the request is refused: a person who looked and
 *     then asks gives what was seen
 * @param archive whether the versions that are in that stage now are archived, or stay in it; the
 *     alias names the last one that was moved
 * @param reason for the record; may be empty
 */
public record PromotionRequest(
        VersionRef version, Stage target, Production expected, boolean archive, String reason) {
    /** A request without a reason, whatever is in production. */
    public static PromotionRequest to(VersionRef version, Stage target) {
        return new PromotionRequest(
                version, target, new Production.Whatever(), target == Stage.PRODUCTION, "");
    }

    /** The same request, refused where production is not as expected. */
    public PromotionRequest expecting(Production production) {
        return new PromotionRequest(version, target, production, archive, reason);
    }

    /** The same request; what is in the stage now is archived, or stays there. */
    public PromotionRequest archiving(boolean others) {
        return new PromotionRequest(version, target, expected, others, reason);
    }

    /** The same request, with a reason for the record. */
    public PromotionRequest because(String why) {
        return new PromotionRequest(version, target, expected, archive, why);
    }
}
