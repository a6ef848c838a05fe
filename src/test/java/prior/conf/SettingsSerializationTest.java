package prior.conf;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Settings travel to executors. */
class SettingsSerializationTest {
  private static Object sent(Object value) throws IOException, ClassNotFoundException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(value);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      return in.readObject();
    }
  }

  @Test
  void settingsWithoutTheirOptionalValuesArriveEqual() throws Exception {
    Settings settings = ConfLoader.load(List.of(), List.of()).settings();
    assertThat(sent(settings)).isEqualTo(settings);
  }

  @Test
  void settingsWithAllTheirOptionalValuesArriveEqual() throws Exception {
    List<String> nullable =
        ConfLoader.knownKeys().stream()
            .filter(key -> ConfLoader.defaults().getIsNull(key))
            .map(key -> key + "=" + some(key))
            .toList();
    Settings settings = ConfLoader.load(List.of(), nullable).settings();
    assertThat(nullable).isNotEmpty();
    assertThat(sent(settings)).isEqualTo(settings);
  }

  private static String some(String key) {
    return switch (key.substring(key.lastIndexOf('.') + 1)) {
      case "text_cond_drop_prob", "image_cond_drop_prob" -> "0.5";
      case "norm_in_type", "embedding_proj_norm_type" -> "layer";
      case "attention_mask" -> "true";
      case "uri" -> "http://mlflow:5000";
      default -> "7";
    };
  }
}
