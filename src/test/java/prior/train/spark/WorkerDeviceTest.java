package prior.train.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import prior.conf.DeviceChoice;
import prior.data.spark.LocalSpark;
import prior.fault.ExitStatus;
import prior.fault.UserFault;
import prior.model.Card;

class WorkerDeviceTest {

  private static WorkerDevice.Chosen chosen(
      DeviceChoice choice, String address, boolean cuda, String card) {
    return WorkerDevice.Chosen.of(
        choice, Optional.ofNullable(address), cuda, given -> Card.parse(card), "host1");
  }

  @ParameterizedTest
  @CsvSource({
    "AUTO, , false, '', cpu, ''",
    "AUTO, 1, false, '', cpu, build with -Dcuda",
    "AUTO, 1, true, 'NVIDIA A10, 8.6', gpu:1, NVIDIA A10 (compute capability 8.6)",
    "GPU, 0, true, 'Tesla K80, 3.7', gpu:0, Tesla K80",
    "GPU, 0, true, 'NVIDIA L4, 8.9', gpu:0, NVIDIA L4",
    "GPU, 0, true, '', gpu:0, ''",
    "CPU, 0, false, '', cpu, ''",
    "CPU, , false, '', cpu, ''"
  })
  void aChoiceComesToADevice(
      DeviceChoice choice, String address, boolean cuda, String card, String device, String note) {
    WorkerDevice.Chosen chosen = chosen(choice, address, cuda, card);
    assertThat(chosen.device()).isEqualTo(device);
    if (note.isEmpty()) {
      assertThat(chosen.note()).isEmpty();
    } else {
      assertThat(chosen.note()).contains(note);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "GPU, , false, '', set --conf spark.executor.resource.gpu.amount=1",
    "GPU, , true, '', set --conf spark.executor.resource.gpu.amount=1",
    "GPU, 1, false, '', 'the task has gpu:1); build with -Dcuda'",
    "GPU, 0, true, 'NVIDIA H100, 9.0', 'expected compute capability 3.7 to 8.9, found NVIDIA H100'",
    "GPU, 0, true, 'NVIDIA B200, 10.0', 'found NVIDIA B200 (compute capability 10.0)'",
    "GPU, 0, true, 'Tesla K40, 3.5', expected compute capability 3.7 to 8.9",
    "AUTO, , true, '', set --conf spark.executor.resource.gpu.amount=1",
    "AUTO, 0, true, 'NVIDIA H100, 9.0', or a build without -Dcuda",
    "CPU, 0, true, 'NVIDIA A10, 8.6', build without -Dcuda"
  })
  void whatCannotBeHadEndsTheRunWithAWayOut(
      DeviceChoice choice, String address, boolean cuda, String card, String told) {
    assertThatThrownBy(() -> chosen(choice, address, cuda, card))
        .isInstanceOfSatisfying(
            UserFault.class, fault -> assertThat(fault.status()).isEqualTo(ExitStatus.RESOURCES))
        .hasMessageContaining("on host1: expected")
        .hasMessageContaining(told);
  }

  @ParameterizedTest
  @CsvSource({
    "0, '{\"name\":\"gpu\",\"addresses\":[\"0\"]}'",
    "'0\n1', '{\"name\":\"gpu\",\"addresses\":[\"0\",\"1\"]}'"
  })
  void theDiscoveryScriptTellsSparkWhatTheDriversToolLists(
      String listed, String json, @TempDir Path tools) throws Exception {
    Path tool =
        Files.writeString(tools.resolve("nvidia-smi"), "#!/bin/sh\necho '" + listed + "'\n");
    assertThat(tool.toFile().setExecutable(true)).isTrue();
    ProcessBuilder script = new ProcessBuilder("bash", "conf/gpu-discovery.sh");
    script.environment().put("PATH", tools + ":" + System.getenv("PATH"));
    Process run = script.start();
    assertThat(new String(run.getInputStream().readAllBytes(), "UTF-8").strip()).isEqualTo(json);
    assertThat(run.waitFor()).isZero();
  }

  @Test
  void theTableNamesEachWorkersPlace() {
    DeviceTable table =
        DeviceTable.ask(
            JavaSparkContext.fromSparkContext(LocalSpark.session().sparkContext()),
            2,
            DeviceChoice.AUTO,
            false);
    assertThat(table.toString())
        .startsWith("devices\n  worker 0: host ")
        .contains("\n  worker 1: host ", ", executor driver, cpu");
  }

  @ParameterizedTest
  @CsvSource({
    "2, 2, 2, ''",
    "4, 2, 4, ''",
    "2, 3, 3, '2 workers leave some of 3 slots on 3 executors idle: set spark.workers = 3'",
    "2, 2, 16, '2 workers leave some of 16 slots on 2 executors idle: set spark.workers = 16'"
  })
  void executorsWithNothingToDoAreTold(int workers, int executors, int slots, String told) {
    List<WorkerDevice> table =
        IntStream.range(0, workers)
            .mapToObj(w -> new WorkerDevice(w, "host1", "" + w % executors, "cpu", ""))
            .toList();
    assertThat(new DeviceTable(table, executors).idle(slots).orElse("")).startsWith(told);
    assertThat(new DeviceTable(table, executors).idle(slots))
        .matches(idle -> idle.isEmpty() == told.isEmpty());
  }

  @Test
  void anExecutorWithoutAWorkerIsToldEvenWhereAllSlotsAreTaken() {
    List<WorkerDevice> crowded =
        List.of(
            new WorkerDevice(0, "host1", "0", "cpu", ""),
            new WorkerDevice(1, "host1", "0", "cpu", ""));
    assertThat(new DeviceTable(crowded, 2).idle(2)).isPresent();
  }
}
