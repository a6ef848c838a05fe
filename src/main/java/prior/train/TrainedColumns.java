package prior.train;

import java.util.Optional;
import prior.conf.ColumnsConf;
import prior.conf.PriorConf;
import prior.conf.Settings;
import prior.data.EncodingColumns;
import prior.data.PairColumns;
import prior.model.AttributeColumns;

/** The columns of pairs that a network takes. */
public final class TrainedColumns {
  private TrainedColumns() {}

  /** Of the network and the names that the settings give. */
  public static PairColumns of(Settings settings) {
    ColumnsConf columns = settings.data().columns();
    PriorConf prior = settings.prior();
    return new PairColumns(
        prior.textDim() > 0 ? Optional.of(columns.textEmbedding()) : Optional.empty(),
        columns.imageEmbedding(),
        prior.encodingRows() > 0 ? Optional.of(encodings(columns, prior)) : Optional.empty(),
        Optional.ofNullable(columns.key()),
        AttributeColumns.of(prior));
  }

  private static EncodingColumns encodings(ColumnsConf columns, PriorConf prior) {
    return new EncodingColumns(columns.encodings(), prior.encodingDim(), columns.textMask());
  }
}
