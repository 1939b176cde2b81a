package dev.weir.ml.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.base.digest.Digest;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

import java.util.List;

class RecipeTest {
    private static final Digest MODEL = Digest.ofText("model");

    @Test
    void saysWhichLinkIsMissing() {
        Recipe recipe =
                Recipe.unknown()
                        .with(Link.CODE, Home.link("digest", "c"))
                        .with(Link.DATA, JsonNodeFactory.instance.objectNode());
        assertThat(recipe.complete()).isFalse();
        assertThat(recipe.missing())
                .containsExactly(Link.DATA, Link.FEATURES, Link.CONFIG, Link.ENVIRONMENT, Link.RUN);
        assertThat(recipe.json().toString())
                .isEqualTo(
                        """
                        {"complete":false,\
                        "missing":["data","features","config","environment","run"],\
                        "code":{"digest":"c"},"data":{},"features":{},"config":{},\
                        "environment":{},"run":{}}\
                        """);
        assertThat(Recipe.of(JsonMapper.shared().readTree(recipe.json().toString())))
                .isEqualTo(recipe);
        assertThat(Home.candidate("m", 1).recipe().complete()).isTrue();
    }

    @Test
    void theRunAndWhatStandsBesideADigestDefineNothing() {
        Recipe recipe = Home.candidate("m", 1).recipe().with(Link.CODE, Home.link("digest", "c"));
        Digest definition = recipe.definition(MODEL);
        List<Recipe> same =
                List.of(
                        recipe.with(Link.RUN, Home.link("id", "other")),
                        recipe.with(Link.CODE, Home.link("digest", "c").put("commit", "abc")));
        assertThat(same).allSatisfy(r -> assertThat(r.definition(MODEL)).isEqualTo(definition));
        List<Recipe> different =
                List.of(
                        recipe.with(Link.CODE, Home.link("digest", "d")),
                        recipe.with(Link.CONFIG, Home.link("v", "other")),
                        recipe.with(Link.DATA, JsonNodeFactory.instance.objectNode()));
        assertThat(different)
                .allSatisfy(r -> assertThat(r.definition(MODEL)).isNotEqualTo(definition));
        assertThat(recipe.definition(Digest.ofText("another"))).isNotEqualTo(definition);
    }
}
