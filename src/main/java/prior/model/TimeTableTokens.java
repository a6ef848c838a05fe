package prior.model;

import static prior.model.Program.Form.AB;
import static prior.model.Program.Form.ATB;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The time tokens of a discrete network: a row of the time table. Looked up as a product with
 * one-hot rows, which writes the table's whole gradient in one product too.
 */
final class TimeTableTokens implements Token {
  private final INDArray times;
  private final INDArray indices;
  private final INDArray oneHot;
  private final Weights.Tensor table;
  private final int count;

  TimeTableTokens(Buffers buffers, Weights weights, Dalle2Shape shape, INDArray times) {
    this.times = times;
    this.indices = Nd4j.create(DataType.INT, times.size(0));
    this.oneHot = buffers.own(times.size(0), shape.timesteps());
    this.table = weights.tensor("net.to_time_embeds.0.weight");
    this.count = shape.timeEmbeds();
  }

  @Override
  public int count() {
    return count;
  }

  @Override
  public void forward(Program program, INDArray tokens) {
    program.toIntegers(times.reshape(times.length()), indices);
    program.oneHot(indices, oneHot);
    program.matmul(AB, oneHot, table.value(), tokens);
  }

  @Override
  public void backward(Program program, INDArray dTokens) {
    program.matmul(ATB, oneHot, dTokens, table.gradient());
  }
}
