/** Memory of a process that is in use, in MB, as the operating system counts it. */
export async function residentMb(pid: number): Promise<number> {
  const status = await Bun.file(`/proc/${pid}/status`).text();
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? Number.NaN) / 1_024;
}

const msPerTick = 10; // Linux counts a process's time in hundredths of a second

/** Processor time that a process has taken since its start, in milliseconds; what else the machine does hardly changes it. */
export async function processorMs(pid: number): Promise<number> {
  const fields = (await Bun.file(`/proc/${pid}/stat`).text()).split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * msPerTick;
}
