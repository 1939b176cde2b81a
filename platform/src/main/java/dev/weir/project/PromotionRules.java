package dev.weir.project;

import dev.weir.base.config.ConfigNode;
import dev.weir.base.config.ConfigSchema;
import dev.weir.base.config.YamlReader;
import dev.weir.ml.registry.Policies;
import dev.weir.ml.registry.PromotionPolicy;
import dev.weir.ml.registry.PromotionPolicy.ApprovalRule;
import dev.weir.ml.registry.PromotionPolicy.Demand;
import dev.weir.ml.registry.PromotionPolicy.When;
import dev.weir.ml.registry.Stage;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What a project asks of versions that are to be promoted: {@code promotion} of {@code weir.yaml},
 * and what the model's pipeline file says of its risk and its first rollout. Pipeline files are
 * read when they are asked for: the rules of the moment count.
 *
 * @param pipelines the folder of pipeline files
 * @param promotion {@code promotion} of {@code weir.yaml}
 */
record PromotionRules(Path pipelines, Optional<ConfigNode> promotion) implements Policies {
    private static final String APPROVAL = "approval";

    @Override
    public PromotionPolicy of(String model, Stage target) {
        Path file = pipelines.resolve(model + ".yaml");
        Optional<ConfigNode> pipeline =
                Files.isRegularFile(file)
                        ? Optional.of(new YamlReader().read(file, ConfigSchema.PIPELINE))
                        : Optional.empty();
        Set<Demand> demands = EnumSet.noneOf(Demand.class);
        boolean approval = false;
        for (String word : texts(target, "require")) {
            if (word.equals(APPROVAL)) {
                approval = true;
            } else {
                demands.add(Demand.valueOf(word.toUpperCase(Locale.ROOT)));
            }
        }
        return new PromotionPolicy(
                demands,
                pipeline.flatMap(p -> p.at("monitor")).isPresent(),
                texts(target, "who"),
                approval(target, approval, pipeline));
    }

    private ApprovalRule approval(Stage target, boolean asked, Optional<ConfigNode> pipeline) {
        int count = at(target, "approvals").map(n -> (int) n.whole()).orElse(1);
        List<String> approvers = texts(target, "approvers");
        if (asked) {
            return new ApprovalRule(When.ALWAYS, count, approvers, "weir.yaml asks for it");
        }
        if (target != Stage.PRODUCTION) {
            return ApprovalRule.NEVER;
        }
        if (is(pipeline, "high", "risk")) {
            return new ApprovalRule(When.ALWAYS, count, approvers, "its risk is high");
        }
        boolean deployed = pipeline.flatMap(p -> p.at("deploy", "endpoint")).isPresent();
        if (deployed && !is(pipeline, "automatic", "deploy", "first")) {
            return new ApprovalRule(
                    When.FIRST,
                    count,
                    approvers,
                    "it is the first behind its endpoint, and nothing is there to compare with");
        }
        return ApprovalRule.NEVER;
    }

    private static boolean is(Optional<ConfigNode> pipeline, String word, String... path) {
        return pipeline.flatMap(p -> p.at(path)).map(ConfigNode::text).equals(Optional.of(word));
    }

    private List<String> texts(Stage target, String key) {
        return at(target, key).map(ConfigNode::texts).orElse(List.of());
    }

    /** What is said for one stage counts more than what is said for both. */
    private Optional<ConfigNode> at(Stage target, String key) {
        return promotion
                .flatMap(node -> node.at(target.word(), key))
                .or(() -> promotion.flatMap(node -> node.at(key)));
    }
}
