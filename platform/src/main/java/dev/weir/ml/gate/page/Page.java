package dev.weir.ml.gate.page;

import dev.weir.ml.gate.Verdict;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What was judged, for a person.
 *
 * @param subject what was looked at: a table, a model version
 * @param kind what was done with it: {@code Data checks}
 * @param at when it was judged
 * @param facts what a reader wants to know first, in order: {@code rows → 32,561}
 */
public record Page(
        String subject,
        String kind,
        Instant at,
        Map<String, String> facts,
        List<Section> sections) {
    public Page {
        facts = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(facts));
        sections = List.copyOf(sections);
    }

    /**
     * Items that belong together.
     *
     * @param note a sentence below the title; may be empty
     */
    public record Section(String title, String note, List<Item> items) {
        public Section {
            items = List.copyOf(items);
        }
    }

    /** How many items have each verdict; those that none has are left out. */
    Map<Verdict, Long> counts() {
        return sections.stream()
                .flatMap(section -> section.items().stream())
                .collect(
                        Collectors.groupingBy(
                                Item::verdict,
                                () -> new java.util.EnumMap<>(Verdict.class),
                                Collectors.counting()));
    }

    /** One HTML document in UTF-8, without a reference to anything outside it. */
    public String html() {
        return new PageWriter(this).html();
    }
}
