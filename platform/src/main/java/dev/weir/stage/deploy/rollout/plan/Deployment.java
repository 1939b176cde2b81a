package dev.weir.stage.deploy.rollout.plan;

import dev.weir.base.config.ConfigNode;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The section {@code deploy:} of a pipeline file.
 *
 * @param endpoint the name that answers
 * @param automatic whether the first version, which has no other beside it, begins without an
 *     approval
 * @param plan how a version takes over from another
 * @param key which requests go together
 * @param settings the whole section as JSON, for what serving reads of it
 */
public record Deployment(
        String endpoint, boolean automatic, Plan plan, SplitKey key, JsonNode settings) {
    private static final Step.Shadow SHADOW = new Step.Shadow(Duration.ofMinutes(10), 1_000, 0.05);
    private static final Duration WARM = Duration.ofMinutes(10);
    private static final long CANARY_REQUESTS = 200;

    /**
     * Reads the section.
     *
     * @param risk {@code minimal}, {@code limited} or {@code high}, which demands a shadow first
     * @throws dev.weir.base.problem.ProblemException with the place, where a value is not possible
     */
    public static Deployment read(String risk, ConfigNode deploy) {
        boolean high = risk.equals("high");
        List<Step> steps = new ArrayList<>();
        Optional<ConfigNode> rollout = deploy.at("rollout");
        rollout.ifPresent(list -> list.items().forEach(item -> steps.addAll(steps(item))));
        if (rollout.isPresent()) {
            checkOrder(rollout.get(), steps, high);
        } else {
            if (high) {
                steps.add(SHADOW);
            }
            steps.add(new Step.BlueGreen(WARM));
        }
        return new Deployment(
                deploy.need("endpoint").text(),
                deploy.at("first").map(ConfigNode::text).filter("automatic"::equals).isPresent(),
                new Plan(
                        steps,
                        deploy.at("abort_when").map(Deployment::bounds).orElse(Bounds.NONE),
                        deploy.at("key").isPresent()),
                deploy.at("key").map(SplitKey::read).orElse(new SplitKey.Request()),
                deploy.json());
    }

    private static void checkOrder(ConfigNode rollout, List<Step> steps, boolean high) {
        if (high && !(!steps.isEmpty() && steps.getFirst() instanceof Step.Shadow)) {
            throw rollout.expected("shadow first, as risk: high demands");
        }
        double before = -1;
        for (Step step : steps) {
            if (step.percent() <= before) {
                throw rollout.expected("shadow, then canary, then blue_green; each once");
            }
            before = step.percent();
        }
    }

    private static List<Step> steps(ConfigNode item) {
        List<Step> steps = new ArrayList<>();
        item.at("shadow").map(Deployment::shadow).ifPresent(steps::add);
        item.at("canary").map(Deployment::canary).ifPresent(steps::addAll);
        item.at("blue_green")
                .map(flip -> new Step.BlueGreen(lasts(flip, "warm", WARM)))
                .ifPresent(steps::add);
        return steps;
    }

    private static Step shadow(ConfigNode shadow) {
        return new Step.Shadow(
                lasts(shadow, "for", SHADOW.lasts()),
                requests(shadow, SHADOW.minRequests()),
                shadow.at("max_disagreement")
                        .map(ConfigNode::number)
                        .orElse(SHADOW.maxDisagreement()));
    }

    private static List<Step> canary(ConfigNode canary) {
        List<Step> steps = new ArrayList<>();
        double before = 0;
        for (ConfigNode item : canary.need("steps").items()) {
            double percent = item.number();
            if (percent <= before || percent > 100) {
                throw item.expected("percentages that grow, above 0 and at most 100");
            }
            steps.add(
                    new Step.Canary(
                            percent,
                            lasts(canary, "every", Duration.ofMinutes(5)),
                            requests(canary, CANARY_REQUESTS)));
            before = percent;
        }
        return steps;
    }

    private static Duration lasts(ConfigNode step, String key, Duration standard) {
        return step.at(key).map(ConfigNode::duration).orElse(standard);
    }

    private static long requests(ConfigNode step, long standard) {
        return step.at("min_requests").map(ConfigNode::whole).orElse(standard);
    }

    private static Bounds bounds(ConfigNode bounds) {
        Optional<ConfigNode> p99 = bounds.at("p99");
        if (p99.map(ConfigNode::duration).filter(Duration::isZero).isPresent()) {
            throw p99.get().expected("above 0");
        }
        return new Bounds(
                bounds.at("error_rate").map(ConfigNode::number).orElse(null),
                p99.map(ConfigNode::duration).orElse(null),
                bounds.at("prediction_psi").map(ConfigNode::number).orElse(null));
    }

    /** {@code {"endpoint","first","plan":{},"key":{},"settings":{}}}. */
    public ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("endpoint", endpoint);
        json.put("first", automatic ? "automatic" : "approval");
        json.set("plan", plan.json());
        json.set("key", key.json());
        json.set("settings", settings);
        return json;
    }

    /** Reads what {@link #json} wrote. */
    public static Deployment fromJson(JsonNode json) {
        return new Deployment(
                json.path("endpoint").stringValue(),
                json.path("first").stringValue().equals("automatic"),
                Plan.fromJson(json.path("plan")),
                SplitKey.fromJson(json.path("key")),
                json.path("settings"));
    }
}
