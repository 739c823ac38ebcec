using System.Diagnostics;
using Mimir.Epoll;

namespace Mimir.Load;

/// <summary>The counted part of a load: begins after the warm-up, ends after its time or its number of calls.</summary>
internal sealed class LoadWindow
{
    private const long MostErrors = 100;

    private readonly LoadPlan _plan;
    private readonly Histogram _latencies = new();
    private readonly long _warmAt;
    private long _beganAt;
    private long _endedAt;
    private long _sent;
    private long _errors;
    private string? _firstError;
    private double _routerBefore = double.NaN;
    private double _routerAfter = double.NaN;
    private TimeSpan _clientBefore;
    private TimeSpan _clientAfter;

    public LoadWindow(LoadPlan plan)
    {
        _plan = plan;
        var now = Stopwatch.GetTimestamp();
        _warmAt = now + Ticks(plan.WarmUp);
        if (plan.Calls is not null)
        {
            Begin(now);
        }
    }

    /// <summary>Whether another call is to be sent; counts it.</summary>
    public bool TakeCall(long now)
    {
        Turn(now);
        if (_endedAt != 0 || _errors >= MostErrors || (_plan.Calls is { } most && _sent >= most))
        {
            return false;
        }

        _sent++;
        return true;
    }

    /// <summary>A call was answered.</summary>
    /// <param name="sentAt">When it was sent.</param>
    /// <param name="now">When its reply was whole.</param>
    /// <param name="error">What is wrong with the reply; null if nothing.</param>
    public void Answered(long sentAt, long now, string? error)
    {
        Turn(now);
        if (error is not null)
        {
            Fail(error);
        }
        else if (_beganAt != 0 && _endedAt == 0)
        {
            _latencies.Add(Stopwatch.GetElapsedTime(sentAt, now).Ticks * 100);
        }
    }

    /// <summary>A call came to nothing.</summary>
    public void Fail(string error)
    {
        _errors++;
        _firstError ??= error;
    }

    public LoadResult Result()
    {
        if (_endedAt == 0)
        {
            End(Stopwatch.GetTimestamp());
        }

        var seconds = Stopwatch.GetElapsedTime(_beganAt, _endedAt).TotalSeconds;
        return new LoadResult
        {
            Calls = _latencies.Count,
            Errors = _errors,
            FirstError = _firstError,
            Seconds = seconds,
            P50 = _latencies.Quantile(0.5),
            P99 = _latencies.Quantile(0.99),
            RouterSeconds = _routerAfter - _routerBefore,
            ClientShare = (_clientAfter - _clientBefore).TotalSeconds / seconds,
        };
    }

    private static long Ticks(TimeSpan time) => (long)(time.TotalSeconds * Stopwatch.Frequency);

    private void Turn(long now)
    {
        if (_beganAt == 0)
        {
            if (now >= _warmAt)
            {
                Begin(now);
            }
        }
        else if (_endedAt == 0 && _plan.Calls is null && now >= _beganAt + Ticks(_plan.Duration))
        {
            End(now);
        }
    }

    private void Begin(long now)
    {
        _beganAt = now;
        _clientBefore = Native.ThreadProcessorTime();
        if (_plan.RouterProcess is { } router)
        {
            _routerBefore = ProcessFigures.ProcessorSeconds(router);
        }
    }

    private void End(long now)
    {
        _endedAt = now;
        _clientAfter = Native.ThreadProcessorTime();
        if (_plan.RouterProcess is { } router)
        {
            _routerAfter = ProcessFigures.ProcessorSeconds(router);
        }
    }
}
