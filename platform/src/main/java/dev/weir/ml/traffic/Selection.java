package dev.weir.ml.traffic;

import dev.weir.ml.data.log.LateFacts.Condition;

import java.util.ArrayList;
import java.util.List;

/**
 * Which rows of a window.
 *
 * @param roles of these variants only; none for all
 * @param versions of these model versions only; none for all
 * @param shadows whether rows of shadows count, where no roles are named
 * @param failed whether predictions that failed count
 */
public record Selection(List<String> roles, List<Long> versions, boolean shadows, boolean failed) {
    public Selection {
        roles = List.copyOf(roles);
        versions = List.copyOf(versions);
    }

    /** Every row. */
    public static Selection all() {
        return new Selection(List.of(), List.of(), true, true);
    }

    /** What users were answered: no shadows, no failures. */
    public static Selection answered() {
        return new Selection(List.of(), List.of(), false, false);
    }

    /** What one variant said. */
    public static Selection of(String role) {
        return new Selection(List.of(role), List.of(), true, false);
    }

    /** What one version answered to users. */
    public static Selection of(long version) {
        return new Selection(List.of(), List.of(version), false, false);
    }

    List<Condition> conditions() {
        List<Condition> conditions = new ArrayList<>();
        if (!roles.isEmpty()) {
            conditions.add(new Condition(LaneColumns.VARIANT, roles, false));
        } else if (!shadows) {
            conditions.add(new Condition(LaneColumns.VARIANT, List.of(Origin.SHADOW), true));
        }
        if (!versions.isEmpty()) {
            List<String> texts = versions.stream().map(String::valueOf).toList();
            conditions.add(new Condition(LaneColumns.VERSION, texts, false));
        }
        if (!failed) {
            conditions.add(new Condition(LaneColumns.ERROR, List.of(), false));
        }
        return conditions;
    }
}
