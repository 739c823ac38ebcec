using System.IO.Pipes;
using Mimir.Router.Upstreams;
using Mimir.Supervisor.Launching;
using Mimir.Supervisor.Limits;
using Mimir.Supervisor.Lines;
using Mimir.Supervisor.Native;

namespace Mimir.Supervisor.Systems;

/// <summary>Windows: a job object for each child, which the system ends when this process ends, however that comes.</summary>
/// <param name="clock">Measures.</param>
/// <param name="log">Takes a sentence for the operator.</param>
internal sealed class WindowsSystem(TimeProvider clock, Action<string> log) : IChildSystem
{
    private readonly LimitKeeper _limits = new(static () => (null, string.Empty), log);

    /// <inheritdoc/>
    public int GuardProcessId => 0;

    /// <inheritdoc/>
    public Task PrepareAsync() => Task.CompletedTask;

    /// <inheritdoc/>
    public IChildBody Make(ChildOrder order)
    {
        var confinement = _limits.Prepare(order.Server, order.Limits, order.Mark);
        try
        {
            using var input = new WindowsPipe(PipeDirection.Out);
            using var output = new WindowsPipe(PipeDirection.In);
            using var error = new WindowsPipe(PipeDirection.In);
            var job = Job.Create(order.Limits.Memory, order.Limits.Processes);
            try
            {
                var (process, id) = WindowsSpawner.Start(order.Plan, (input.Theirs, output.Theirs, error.Theirs), job, made =>
                {
                    order.Made(made);
                    order.Enter(made);
                });
                return new WindowsChild(id, process, job, new StreamLine(input.Take(), output.Take()), error.Take(), confinement, clock);
            }
            catch
            {
                job.Dispose();
                throw;
            }
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException and not SystemCallException)
        {
            throw new ProcessStartException($"{order.Plan.Who}: the system gives no pipe for its streams ({e.Message}). End something, and try again.", e) { MayPass = true };
        }
    }

    /// <inheritdoc/>
    public ValueTask<long> MeasureAsync(IReadOnlyCollection<IChildBody> children) => new(children.OfType<WindowsChild>().Sum(static child => child.Measure()));

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
