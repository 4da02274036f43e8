package dev.leat.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.model.ModelFolder;
import dev.leat.model.ModelSource;
import java.io.IOException;
import java.io.InputStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No model without its papers, and no file that is not what its description says. */
class BundledModelsTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bge-small-en-v1.5-int8",
                "bge-small-en-v1.5-exact",
                "sentiment-mlp",
                "sentiment-top",
                "moderation-mlp",
                "entities-fast",
                "entities-accurate"
            })
    void model_hasItsPapersAndIsUndamaged(String id) throws IOException {
        ModelFolder folder = ModelSource.classPath().folder(id);

        assertThat(folder.descriptor().license()).isNotBlank();
        assertThat(folder.descriptor().languages()).containsExactly("en");
        for (String file : folder.descriptor().files().keySet()) {
            assertThat(folder.bytes(file))
                    .hasSize((int) folder.descriptor().file(file).bytes());
        }
        for (String paper : new String[] {"LICENSE", "MODEL_CARD.md", "provenance.json"}) {
            String name = ModelSource.CLASS_PATH_FOLDER + id + "/" + paper;
            try (InputStream in = BundledModelsTest.class.getClassLoader().getResourceAsStream(name)) {
                assertThat(in).as("%s of %s", paper, id).isNotNull().isNotEmpty();
            }
        }
    }
}
