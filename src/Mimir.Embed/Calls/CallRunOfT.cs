using Mimir.Embed.Attributes;
using Mimir.Embed.Threads;

namespace Mimir.Embed.Calls;

/// <summary>A run that ends with something.</summary>
/// <typeparam name="T">What it ends with.</typeparam>
/// <param name="what">What runs, for errors.</param>
/// <param name="request">The request that began it.</param>
/// <param name="settings">What calls have in common.</param>
internal sealed class CallRun<T>(string what, CallRequest request, CallSettings settings) : CallRun(what, request, settings)
{
    private readonly CallSettings _settings = settings;
    private Task<T>? _work;
    private T? _result;

    /// <summary>What it ends with.</summary>
    public ValueTask<T> Result => _work is { } work ? new ValueTask<T>(work) : new ValueTask<T>(_result!);

    /// <inheritdoc/>
    /// <remarks>What ends as it begins is no task at all.</remarks>
    public override bool HasEnded => _work?.IsCompleted ?? true;

    /// <summary>Begins.</summary>
    /// <param name="on">Where.</param>
    /// <param name="work">What.</param>
    public void Begin(RunOn on, Func<CallRun, ValueTask<T>> work)
    {
        if (on is RunOn.Main or RunOn.Worker)
        {
            _work = on == RunOn.Main ? OnMain(work) : OnWorker(work);
        }
        else
        {
            var running = work(this);
            if (running.IsCompletedSuccessfully) _result = running.Result;
            else _work = running.AsTask();
        }

        if (HasEnded) return;
        _ = _work!.ContinueWith(static (_, state) => ((CallRun<T>)state!).Tell(), this, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    /// <summary>Gives the place of one that has not ended back when it has.</summary>
    public void GiveAtEnd(CallSlots slots) => _ = _work!.ContinueWith(_ => slots.Give(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

    private Task<T> OnMain(Func<CallRun, ValueTask<T>> work) => MainThreadCalls.RunAsync(_settings.Main, () => work(this), _settings.Stall, Cancellation);

    private Task<T> OnWorker(Func<CallRun, ValueTask<T>> work) => Task.Run(() => work(this).AsTask(), Cancellation);
}
