package dev.weir.store.ledger;

import org.jspecify.annotations.Nullable;

/**
 * Which events of a workspace are asked for.
 *
 * @param workspace whose
 * @param subject about this subject only
 * @param kind of this kind only
 * @param beforeSeq older than this, for the next page: the {@code seq} of the last event of the
 *     page before
 */
public record EventFilter(
        String workspace,
        @Nullable String subject,
        @Nullable String kind,
        @Nullable Long beforeSeq) {
    /** All events of a workspace. */
    public static EventFilter all(String workspace) {
        return new EventFilter(workspace, null, null, null);
    }

    /** Those about one subject. */
    public EventFilter about(String oneSubject) {
        return new EventFilter(workspace, oneSubject, kind, beforeSeq);
    }

    /** Those of one kind. */
    public EventFilter ofKind(String oneKind) {
        return new EventFilter(workspace, subject, oneKind, beforeSeq);
    }

    /** Those older than this one. */
    public EventFilter before(Event event) {
        return new EventFilter(workspace, subject, kind, event.position().seq());
    }
}
