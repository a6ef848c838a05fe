package prior.conf;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MlflowConfTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://me:secret@host:5000",
        "host:5000",
        "/runs/mlruns",
        "file:/mlruns",
        "http:"
      })
  void aUriThatHoldsAPasswordOrIsNoServerIsRefused(String uri) {
    assertThatThrownBy(() -> new MlflowConf(uri, "e", null))
        .isInstanceOf(InvalidSettings.class)
        .hasMessageContaining("MLFLOW_TRACKING_PASSWORD");
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://mlflow:5000", "https://mlflow.example.org/prefix"})
  void aServerIsTaken(String uri) {
    assertThatCode(() -> new MlflowConf(uri, "e", null)).doesNotThrowAnyException();
  }
}
