package prior.conf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import prior.fault.UserFault;

/** What people get wrong in a configuration, and what they are told. */
class ConfMistakesTest {
  private static Settings load(String text, String... sets) {
    return ConfLoader.load(List.of(new ConfLoader.Source("my.conf", text)), List.of(sets))
        .settings();
  }

  private static AbstractThrowableAssert<?, ?> refused(String text, String... sets) {
    return assertThatThrownBy(() -> load(text, sets)).isInstanceOf(UserFault.class);
  }

  @Test
  void aValueOutOfItsRangeIsNamedWithItsFileAndLine() {
    refused("train {\n  epochs = 1\n  lr = -1\n}")
        .hasMessage("Cannot use my.conf: train.lr must be within 0..10 but was -1.0 (my.conf: 3)");
  }

  @Test
  void aValueOutOfItsRangeInASettingIsNamedWithTheSetting() {
    refused("", "train.lr=-1").hasMessageContaining("but was -1.0 (--set train.lr");
  }

  @Test
  void aDefaultThatNoLongerFitsIsCalledADefault() {
    refused("prior.timesteps = 2000")
        .hasMessageContaining("must be at least timesteps 2000 but was 1000 (default)");
  }

  @ParameterizedTest
  @CsvSource({
    "train.epochs, 1.5",
    "train.random_seed, 1e30",
    "prior.net.depth, 99999999999",
    "train.max_steps, '\"2.5\"'"
  })
  void aWholeNumberIsNeverCut(String key, String value) {
    refused(key + " = " + value).hasMessageContaining(key + " must be a whole number but was ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"train.max_grad_norm", "prior.image_embed_scale", "train.lr"})
  void anInfiniteOrUndefinedNumberIsRefused(String key) {
    refused(key + " = Infinity").hasMessageContaining(key + " must be ");
    refused(key + " = NaN").hasMessageContaining(key + " must be ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "data.columns.text_embedding",
        "data.columns.image_embedding",
        "infer.output",
        "prepare.clip",
        "train.betas",
        "train.lr",
        "train.ema_rule",
        "train.use_ema"
      })
  void aKeyThatNeedsAValueRefusesNull(String key) {
    refused(key + " = null").hasMessageContaining(key + " must ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"train = 3", "prior.net = small", "train = null", "prior = [1]"})
  void aGroupThatIsNotAGroupIsToldOnce(String text) {
    String group = text.substring(0, text.indexOf(' '));
    refused(text).hasMessageContaining("Cannot use my.conf: " + group + " must be a group of keys");
  }

  @Test
  void aKeyGivenAsAGroupIsRefused() {
    refused("train.lr { start = 1 }").hasMessageContaining("train.lr must be a number");
  }

  @ParameterizedTest
  @ValueSource(strings = {"train.foo = null", "trian {}", "train.foo {}", "train.foo = []"})
  void anUnknownKeyIsRefusedEvenWhenEmpty(String text) {
    refused(text).hasMessageContaining("is not a key (my.conf: 1)");
  }

  @Test
  void aKeyWithoutItsGroupFindsTheWholeName() {
    refused("lr = 1").hasMessageContaining("did you mean train.lr?");
  }

  @Test
  void noMoreThanThreeNamesAreOffered() {
    refused("train.ema_update = 1")
        .message()
        .satisfies(m -> assertThat(m.split("did you mean ")[1].split(",")).hasSizeBetween(1, 3));
  }

  @Test
  void aReferenceBooleanThatIsNoneIsRefused() {
    refused("prior.predict_x_start = maybe")
        .hasMessageContaining("prior.predict_x_start must be true or false but was maybe");
  }

  @ParameterizedTest
  @ValueSource(strings = {"train..lr=1", ".=1", "=1", "train.lr", "a\"b=1"})
  void aSettingThatIsNotOneIsRefused(String set) {
    refused("", set).hasMessageContaining("--set");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/data//x", "/data/x#1", "a,b", "hdfs://a/b c:d/x", "a=b", "${x}/y", "{a,b}/*"})
  void aPathInASettingIsTakenAsItIs(String path) {
    assertThat(load("", "data.train=" + path).data().train()).isEqualTo(path);
  }

  @Test
  void aFileMayReferToOtherKeys() {
    Settings settings =
        load("train { lr = 2e-3, wd = ${train.lr} }, infer.seed = ${train.random_seed}");
    assertThat(settings.train().wd()).isEqualTo(2e-3);
  }

  @Test
  void aReferenceToNothingIsRefused() {
    refused("train.lr = ${nothing}").hasMessageContaining("nothing");
  }

  @Test
  void aSettingCountsBeforeTheReferencesBooleans() {
    assertThat(load("prior.predict_x_start = true", "prior.objective=v").prior().objective())
        .isEqualTo(Objective.V);
    refused("prior { objective = noise, predict_x_start = true }")
        .hasMessageContaining("prior.objective");
  }
}
