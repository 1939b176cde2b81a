package dev.weir.pipeline;

import dev.weir.base.digest.Digest;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A node that computes. Everything that decides its result stands in its key; resources, retries
 * and timeout do not.
 *
 * @param after nodes that must be done before it though it takes nothing from them (gates)
 * @param inputs by name
 * @param params what it declares, after defaults; an object
 * @param code a folder of the store that is laid into its directory, if it has code of its own
 * @param environment lock file, image, libraries; an object
 * @param outputs name to path, relative to its directory
 * @param cacheSalt the user's own part of the key
 */
public record Step(
        String name,
        String stage,
        StepKind kind,
        Set<String> after,
        SortedMap<String, Input> inputs,
        ObjectNode params,
        @Nullable Digest code,
        ObjectNode environment,
        SortedMap<String, String> outputs,
        Resources resources,
        Retries retries,
        @Nullable Duration timeout,
        String cacheSalt)
        implements Node {

    public Step {
        after = Collections.unmodifiableSet(new LinkedHashSet<>(after));
        inputs = Collections.unmodifiableSortedMap(new TreeMap<>(inputs));
        outputs = Collections.unmodifiableSortedMap(new TreeMap<>(outputs));
    }

    /** A step without inputs, outputs or parameters; the rest is added by the methods below. */
    public static Step named(String name, String stage, StepKind kind) {
        return new Step(
                name,
                stage,
                kind,
                Set.of(),
                new TreeMap<>(),
                JsonNodeFactory.instance.objectNode(),
                null,
                JsonNodeFactory.instance.objectNode(),
                new TreeMap<>(),
                Resources.ONE_CORE,
                Retries.NONE,
                null,
                "");
    }

    /** The same step under another name, of another stage. */
    public Step as(String otherName, String otherStage) {
        return new Step(
                otherName,
                otherStage,
                kind,
                after,
                inputs,
                params,
                code,
                environment,
                outputs,
                resources,
                retries,
                timeout,
                cacheSalt);
    }

    @Override
    public Set<String> needs() {
        Set<String> needs = new LinkedHashSet<>(after);
        for (Input input : inputs.values()) {
            if (input instanceof Input.FromStep from) {
                needs.add(from.step());
            }
        }
        return needs;
    }

    /** The same step, after these nodes. */
    public Step after(Set<String> nodes) {
        return new Step(
                name,
                stage,
                kind,
                nodes,
                inputs,
                params,
                code,
                environment,
                outputs,
                resources,
                retries,
                timeout,
                cacheSalt);
    }

    /** The same step, done by another kind. */
    public Step kind(StepKind other) {
        return new Step(
                name,
                stage,
                other,
                after,
                inputs,
                params,
                code,
                environment,
                outputs,
                resources,
                retries,
                timeout,
                cacheSalt);
    }

    /** The same step with one more input. */
    public Step input(String inputName, Input input) {
        SortedMap<String, Input> more = new TreeMap<>(inputs);
        more.put(inputName, input);
        return new Step(
                name,
                stage,
                kind,
                after,
                more,
                params,
                code,
                environment,
                outputs,
                resources,
                retries,
                timeout,
                cacheSalt);
    }

    /** The same step with these parameters; an object. */
    public Step params(JsonNode object) {
        return new Step(
                name,
                stage,
                kind,
                after,
                inputs,
                (ObjectNode) object,
                code,
                environment,
                outputs,
                resources,
                retries,
                timeout,
                cacheSalt);
    }

    /** The same step with code of its own. */
    public Step code(@Nullable Digest tree) {
        return new Step(
                name,
                stage,
                kind,
                after,
                inputs,
                params,
                tree,
                environment,
                outputs,
                resources,
                retries,
                timeout,
                cacheSalt);
    }

    /** The same step in this environment; an object. */
    public Step environment(JsonNode object) {
        return new Step(
                name,
                stage,
                kind,
                after,
                inputs,
                params,
                code,
                (ObjectNode) object,
                outputs,
                resources,
                retries,
                timeout,
                cacheSalt);
    }

    /** The same step with one more output. */
    public Step output(String outputName, String path) {
        return outputs(append(outputs, outputName, path));
    }

    private Step outputs(SortedMap<String, String> all) {
        return new Step(
                name,
                stage,
                kind,
                after,
                inputs,
                params,
                code,
                environment,
                all,
                resources,
                retries,
                timeout,
                cacheSalt);
    }

    /** The same step with these needs and bounds. */
    public Step bounds(Resources needs, Retries tries, @Nullable Duration limit) {
        return new Step(
                name,
                stage,
                kind,
                after,
                inputs,
                params,
                code,
                environment,
                outputs,
                needs,
                tries,
                limit,
                cacheSalt);
    }

    /** The same step with the user's own part of the key. */
    public Step cacheSalt(String salt) {
        return new Step(
                name,
                stage,
                kind,
                after,
                inputs,
                params,
                code,
                environment,
                outputs,
                resources,
                retries,
                timeout,
                salt);
    }

    private static SortedMap<String, String> append(
            Map<String, String> map, String key, String value) {
        SortedMap<String, String> more = new TreeMap<>(map);
        more.put(key, value);
        return more;
    }
}
