package dev.weir.ml.registry;

import dev.weir.store.ledger.Actor;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What is asked of a version before it goes to a stage, whoever asks for it. That the gates of a
 * version that has some must pass is always asked.
 *
 * @param demands what it must have
 * @param monitored whether the model's pipeline says how it is watched
 * @param who may ask, as patterns of actors; empty: everybody
 * @param approval whose yes it needs
 */
public record PromotionPolicy(
        Set<Demand> demands, boolean monitored, List<String> who, ApprovalRule approval) {
    /** Nothing more than is always asked. */
    public static final PromotionPolicy NOTHING_MORE =
            new PromotionPolicy(Set.of(), false, List.of(), ApprovalRule.NEVER);

    /** One thing that is asked. */
    public enum Demand {
        /** Gates that passed: what was never judged is refused. */
        GATES,
        /** A recipe with all six links. */
        RECIPE,
        /** A pipeline with a section {@code monitor}. */
        MONITOR
    }

    /** When approvals are asked for. */
    public enum When {
        NEVER,
        /** Where no version of the model was in that stage before. */
        FIRST,
        ALWAYS
    }

    /**
     * Whose yes a promotion needs.
     *
     * @param count how many persons, 1 or more; none of them is who asked
     * @param approvers who they may be, as patterns of actors; empty: every person
     * @param because in words, why: {@code risk: high}
     */
    public record ApprovalRule(When when, int count, List<String> approvers, String because) {
        /** Nobody's. */
        public static final ApprovalRule NEVER = new ApprovalRule(When.NEVER, 1, List.of(), "");

        public ApprovalRule {
            approvers = List.copyOf(approvers);
        }

        /** Whom a promotion waits for, in words. */
        public String whom() {
            String persons = count == 1 ? "one person" : count + " persons";
            return approvers.isEmpty() ? persons : persons + " of " + String.join(", ", approvers);
        }
    }

    public PromotionPolicy {
        demands = Set.copyOf(demands);
        who = List.copyOf(who);
    }

    /** Whether a version goes there by itself when its gates pass. */
    boolean gatesAlone() {
        return approval.when() == When.NEVER
                && who.isEmpty()
                && demands.stream().allMatch(d -> d == Demand.GATES);
    }

    boolean asksFor(Demand demand) {
        return demands.contains(demand);
    }

    /**
     * Whether an actor is one of these.
     *
     * @param patterns {@code person:anna}, {@code service:*}, or {@code anna}, a person's name
     */
    static boolean among(List<String> patterns, Actor actor) {
        return patterns.isEmpty() || patterns.stream().anyMatch(p -> matches(p, actor));
    }

    private static boolean matches(String pattern, Actor actor) {
        String whole = pattern.contains(":") ? pattern : "person:" + pattern;
        String regex =
                Pattern.compile("\\*")
                        .splitAsStream(whole + "\0")
                        .map(part -> Pattern.quote(part.replace("\0", "")))
                        .reduce((a, b) -> a + ".*" + b)
                        .orElseThrow();
        return actor.toString().matches(regex);
    }
}
