using System.Globalization;
using Mimir.Router.Files;
using Mimir.Router.Model;
using Mimir.Router.State;

namespace Mimir.Router.Policies.Audit;

/// <summary>
/// Keeps calls and changes in a log that all Mimirs of a user share. Whoever has something to keep puts it into a queue and goes on; one
/// task writes what waits. Thread-safe.
/// </summary>
public sealed class AuditLog : IRecorder, IAsyncDisposable
{
    /// <summary>The change that says that a crash left a part of a line.</summary>
    public const string Torn = "torn";

    /// <summary>Most records that wait: what comes beyond is counted, and the count is kept.</summary>
    public const int MostWaiting = 8192;

    /// <summary>How long records are gathered for one write, unless calls wait for it. With the write itself less than a quarter of a second.</summary>
    public static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(50);

    private const string Nowhere = "there is no home folder to keep it in: neither HOME nor XDG_STATE_HOME is set";
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(1), FarewellTime = TimeSpan.FromSeconds(5);
    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly Action<string> _log;
    private readonly string? _usual;
    private readonly AuditWriter _writer;
    private readonly SemaphoreSlim _work = new(0, 1);
    private readonly CancellationTokenSource _end = new();
    private List<TrailRecord> _waiting = [];
    private long _suppressed;
    private AuditModel _model;
    private string? _failure;
    private string? _stays;
    private Task? _writing;

    /// <summary>Creates one; nothing is opened before there is something to keep.</summary>
    /// <param name="model">How it is kept.</param>
    /// <param name="usual">Full path of the log where the model names none; null when there is no place.</param>
    /// <param name="run">A short name of this process that no other has, for its records.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">Takes sentences for the operator; may block.</param>
    /// <param name="disk">Where the files are; null for the real one.</param>
    public AuditLog(AuditModel model, string? usual, string run, TimeProvider time, Action<string> log, ILogDisk? disk = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        (_model, _usual, _time, _log) = (model, usual, time, log);
        _writer = new AuditWriter(disk ?? SystemDisk.Instance, new AuditLine(run), time);
    }

    /// <inheritdoc/>
    public bool IsOn => _model.Mode != AuditMode.Off;

    /// <summary>Full path of the log; null when there is no place for one.</summary>
    public string? Path => _model.Path ?? _usual;

    /// <summary>Why the log cannot be written; null while it can, as far as is known.</summary>
    public string? Failure => Volatile.Read(ref _failure);

    /// <summary>Keeps otherwise from now on.</summary>
    public void Apply(AuditModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        lock (_gate)
        {
            if (_model != model)
            {
                (_model, _failure) = (model, null);
            }
        }

        Wake();
    }

    /// <summary>Sees whether the log can be written, where calls depend on it.</summary>
    /// <returns>Why it cannot, and what to do; null when it can, or need not.</returns>
    public async Task<string?> CheckAsync()
    {
        if (_model.Mode != AuditMode.Durable)
        {
            return null;
        }

        var failure = Path is { } path ? (await _writer.WriteAsync(path, _model, []).ConfigureAwait(false)).Failure : Nowhere;
        return failure is null ? null : Unwritable(failure);
    }

    /// <inheritdoc/>
    public RouterError? Admit()
    {
        if (_model.Mode != AuditMode.Durable)
        {
            return null;
        }

        lock (_gate)
        {
            var reason = _failure is { } failure ? Unwritable(failure)
                : _waiting.Count >= MostWaiting ? $"The audit log takes no more at the moment: {MostWaiting} records wait for the disk (audit.mode durable). Try again later."
                : null;
            if (reason is null)
            {
                return null;
            }

            _suppressed++;
            return new RouterError(ErrorCodes.Busy, reason, Retryable: true) { RetryAfter = Again };
        }
    }

    /// <inheritdoc/>
    public bool Add(CallRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        record.Took = _time.GetElapsedTime(record.Begun);
        return Put(record);
    }

    /// <inheritdoc/>
    public void Add(ChangeRecord record) => Put(record);

    /// <summary>Writes what waits, unless that takes longer than 5 s.</summary>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync().ConfigureAwait(false);
        if (_writing is { } writing)
        {
            await writing.WaitAsync(FarewellTime, _time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <returns>True when an answer has to wait for it.</returns>
    private bool Put(TrailRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        record.At = _time.GetUtcNow();
        bool isDurable;
        lock (_gate)
        {
            if (_model.Mode == AuditMode.Off)
            {
                return false;
            }

            isDurable = _model.Mode == AuditMode.Durable;
            // In durable mode calls are let in by how many wait, and each that was let in is kept.
            if (_waiting.Count >= MostWaiting && !(isDurable && record is CallRecord { IsOpen: true }))
            {
                _suppressed++;
                return false;
            }

            _waiting.Add(record);
            _writing ??= Task.Run(WriteAsync);
        }

        Wake();
        return isDurable;
    }

    private void Wake()
    {
        lock (_work)
        {
            if (_work.CurrentCount == 0)
            {
                _work.Release();
            }
        }
    }

    private async Task WriteAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            await _work.WaitAsync(_end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (_model.Mode != AuditMode.Durable)
            {
                await Task.Delay(Gathering, _time, _end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            await WriteWaitingAsync().ConfigureAwait(false);
            if (Failure is not null)
            {
                await Task.Delay(Again, _time, _end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                Wake();
            }
        }

        await WriteWaitingAsync().ConfigureAwait(false);
    }

    private async Task WriteWaitingAsync()
    {
        List<TrailRecord> batch;
        AuditModel model;
        lock (_gate)
        {
            (batch, _waiting, model) = (_waiting, [], _model);
            if (_suppressed > 0)
            {
                batch.Add(new ChangeRecord("suppressed") { At = _time.GetUtcNow(), Count = _suppressed });
                _suppressed = 0;
            }
        }

        if (batch.Count == 0)
        {
            return;
        }

        var path = model.Path ?? _usual;
        var written = path is not null ? await _writer.WriteAsync(path, model, batch).ConfigureAwait(false) : new AuditWritten(0, Nowhere, null);
        for (var i = 0; i < written.Count; i++)
        {
            (batch[i] as CallRecord)?.Release(null);
        }

        if (written.Stays is { } stays && _stays is null)
        {
            _log($"the audit log '{path}' has reached audit.maxBytes and cannot be set aside: {stays}. It grows on, and it is tried again with each write. Mend that.");
        }

        _stays = written.Stays;
        if (written.Failure is { } failure)
        {
            Fail(batch, written.Count, failure);
        }
        else if (Interlocked.Exchange(ref _failure, null) is not null)
        {
            _log($"the audit log {path} is written again");
        }
    }

    /// <summary>What could not be written waits on, as far as there is room. Calls do not: whoever made them is told.</summary>
    private void Fail(List<TrailRecord> batch, int written, string failure)
    {
        var rest = batch[written..];
        bool isNews;
        lock (_gate)
        {
            isNews = _failure is null;
            _failure = failure;
            var most = Math.Max(0, MostWaiting - _waiting.Count);
            for (var i = 0; i < rest.Count; i++)
            {
                // The count of what was dropped is put together anew.
                if (rest[i] is ChangeRecord { Change: "suppressed" } counted)
                {
                    _suppressed += counted.Count;
                }
                else if (i >= most)
                {
                    _suppressed++;
                }
            }

            _waiting.InsertRange(0, rest.Take(most).Where(static r => r is not ChangeRecord { Change: "suppressed" }));
        }

        foreach (var call in rest.OfType<CallRecord>())
        {
            call.Release(new RouterError(
                ErrorCodes.InternalError, "The call has run, and what came of it is not told since it could not be kept. " + Unwritable(failure)));
        }

        if (isNews)
        {
            _log(Unwritable(failure));
        }
    }

    private string Unwritable(string failure) => string.Create(
        CultureInfo.InvariantCulture,
        $"The audit log{(Path is { } path ? $" '{path}'" : "")} cannot be written: {failure}. {(_model.Mode == AuditMode.Durable ? "No call is made before it can (audit.mode durable)" : "Calls go on, and it is tried again")}. Mend that, or name another place with audit.path.");
}
