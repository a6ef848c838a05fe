package prior.conf;

import java.io.Serializable;
import java.net.URI;

/**
 * {@code track.mlflow}: an MLflow server. Tokens and passwords come from the environment, never
 * from here: the configuration is printed and kept.
 *
 * @param uri of the tracking server; null for none
 * @param experiment made where it is missing
 * @param runName null for the run folder's name
 */
public record MlflowConf(String uri, String experiment, String runName) implements Serializable {

  public MlflowConf {
    new Check()
        .that(
            uri == null || isServer(uri),
            "uri must be http://HOST or https://HOST without user and password (the environment's"
                + " MLFLOW_TRACKING_USERNAME, MLFLOW_TRACKING_PASSWORD or MLFLOW_TRACKING_TOKEN"
                + " hold them)")
        .that(!experiment.isBlank(), "experiment must have a name but was empty")
        .done();
  }

  private static boolean isServer(String uri) {
    try {
      URI parsed = URI.create(uri);
      return parsed.getScheme() != null
          && parsed.getScheme().matches("https?")
          && parsed.getHost() != null
          && parsed.getUserInfo() == null;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
