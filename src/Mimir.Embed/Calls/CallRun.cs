using System.Globalization;
using System.Text.Json.Nodes;
using Mimir.Embed.Tools;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace Mimir.Embed.Calls;

/// <summary>
/// One run of a tool or a prompt. It begins once. A client of the era without requests of the server's gets its questions as the answer of a
/// request, and the run goes on when another request brings what the user said: so what was done before the question is not done twice.
/// </summary>
/// <param name="what">What runs, for errors.</param>
/// <param name="request">The request that began it.</param>
/// <param name="settings">What calls have in common.</param>
internal abstract class CallRun(string what, CallRequest request, CallSettings settings) : ICallWire, IDisposable
{
    private CancellationTokenSource? _stop;
    private CancellationTokenSource? _limit;
    private TimeSpan _timeout;
    private int _asking;
    private CancellationToken _token;
    private bool _isCancelled, _isOver;
    private readonly object _gate = new();
    private Dictionary<string, Question>? _asked;
    private readonly IDictionary<string, InputResponse>? _early = request.Params?.InputResponses;
    private TaskCompletionSource<bool>? _news;

    /// <summary>What runs.</summary>
    public string What => what;

    /// <summary>The request that waits for it now: what the run tells on the way goes to that one.</summary>
    public CallRequest Current { get; private set; } = request;

    /// <inheritdoc/>
    /// <remarks>Made when it is first asked for: what ends at once does not ask.</remarks>
    public CancellationToken Cancellation
    {
        get
        {
            lock (_gate)
            {
                if (_stop is not null) return _token;
                if (_isOver || _isCancelled) return new CancellationToken(_isCancelled);
                _stop = CancellationTokenSource.CreateLinkedTokenSource(settings.Stopping);
                return _token = _stop.Token;
            }
        }
    }

    /// <inheritdoc/>
    public ClientCapabilities? Client => Current.Server.ClientCapabilities;

    /// <summary>Whether it has ended.</summary>
    public abstract bool HasEnded { get; }

    private bool IsToEnd => _isCancelled || settings.Stopping.IsCancellationRequested;

    /// <summary>The questions that are open. Few calls ask any.</summary>
    private Dictionary<string, Question> Open => _asked ??= new Dictionary<string, Question>(StringComparer.Ordinal);

    /// <summary>The questions that are open, by their keys.</summary>
    public IDictionary<string, InputRequest> Questions()
    {
        lock (_gate) return Open.ToDictionary(static q => q.Key, static q => q.Value.Request, StringComparer.Ordinal);
    }

    /// <summary>Waits for the end, or for a question.</summary>
    /// <param name="timeout">How long at most. A question ends the waiting.</param>
    /// <param name="leaving">Set when the client leaves or cancels: the run is cancelled.</param>
    /// <returns>Whether it has ended; otherwise there are questions.</returns>
    /// <exception cref="TimeoutException">It took longer. It has been told to end, and nobody waits for it any more.</exception>
    public async Task<bool> NextAsync(TimeSpan timeout, CancellationToken leaving)
    {
        Task news;
        bool isAsking;
        lock (_gate)
        {
            if (HasEnded) return true;
            news = _asked is { Count: > 0 } || IsToEnd ? Task.CompletedTask : (_news = New()).Task;
        }

        using var limit = new CancellationTokenSource(timeout);
        lock (_gate)
        {
            (_limit, _timeout) = (limit, timeout);
            if (_asking > 0) limit.CancelAfter(Timeout.InfiniteTimeSpan);
        }

        using (leaving.Register(Cancel))
        using (limit.Token.Register(static state => ((CallRun)state!).Tell(), this))
        {
            await news;
        }

        lock (_gate) _limit = null;

        if (HasEnded) return true;
        lock (_gate) isAsking = _asked is { Count: > 0 };
        if (isAsking && !limit.IsCancellationRequested && !IsToEnd) return false;
        Cancel();
        leaving.ThrowIfCancellationRequested();
        throw new TimeoutException($"{char.ToUpperInvariant(What[0])}{What[1..]} has not ended within {timeout.TotalSeconds.ToString("0.#", CultureInfo.InvariantCulture)} s. It was told to end; whether it did is not known.");
    }

    /// <summary>Goes on with another request, which may answer what is open. What it does not answer stays open.</summary>
    public void Resume(CallRequest next)
    {
        var answered = new List<(Question Question, InputResponse Answer)>();
        lock (_gate)
        {
            Current = next;
            foreach (var (key, question) in Open.ToList())
            {
                if (question.AnswerIn(next.Params?.InputResponses, key) is not { } answer) continue;
                Open.Remove(key);
                answered.Add((question, answer));
            }
        }

        foreach (var (question, answer) in answered) question.Answer.TrySetResult(answer);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyDictionary<string, InputResponse>> AskAsync(IReadOnlyDictionary<string, InputRequest> questions, CancellationToken cancellation)
    {
        ClientAbilities.Demand(Current, questions.Values);
        if (!Current.IsModern) return await AskNowAsync(questions, cancellation);
        var asked = new Dictionary<string, Question>(StringComparer.Ordinal);
        lock (_gate)
        {
            if (questions.Keys.FirstOrDefault(Open.ContainsKey) is { } twice) throw new InvalidOperationException($"A question '{twice}' is open already. Await its answer, or give this one another key.");
            foreach (var (key, request) in questions)
            {
                var question = asked[key] = new Question(request);
                if (question.AnswerIn(_early, key) is not { } early) Open[key] = question;
                else if (_early!.Remove(key)) question.Answer.TrySetResult(early);
            }

            if (Open.Count > 0) _news?.TrySetResult(true);
        }

        using var _ = cancellation.Register(() => Forget(asked, cancellation));
        var answers = new Dictionary<string, InputResponse>(StringComparer.Ordinal);
        foreach (var (key, question) in asked) answers[key] = await question.Answer.Task;
        return answers;
    }

    /// <inheritdoc/>
    public async ValueTask ReportAsync(double progress, double? total, string? message)
    {
        var current = Current;
        if (current.Params?.ProgressToken is not { } token) return;
        await TellAsync(() => current.Server.NotifyProgressAsync(token, new ProgressNotificationValue { Progress = (float)progress, Total = (float?)total, Message = message }));
    }

    /// <inheritdoc/>
    public async ValueTask LogAsync(LogSeverity level, string message, string? logger)
    {
        var current = Current;
        var least = current.IsModern ? current.Message.Context?.LogLevel : current.Server.LoggingLevel ?? LoggingLevel.Info;
        if (least is null || (int)level < (int)least) return;
        var line = new JsonObject { ["level"] = JsonValue.Create(level.ToString().ToLowerInvariant()), ["data"] = JsonValue.Create(message) };
        if (logger is not null) line["logger"] = JsonValue.Create(logger);
        await TellAsync(() => current.Server.SendMessageAsync(new JsonRpcNotification { Method = NotificationMethods.LoggingMessageNotification, Params = line }));
    }

    /// <summary>Tells the run to end.</summary>
    public void Cancel()
    {
        CancellationTokenSource? stop;
        lock (_gate) (_isCancelled, stop) = (true, _stop);
        try
        {
            stop?.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It has ended.
        }
        catch (AggregateException)
        {
            // What the app does when its call is told to end is its own affair: whoever waits is to know, and whoever told is not to fail.
        }

        Tell();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        CancellationTokenSource? stop;
        lock (_gate) (_isOver, stop) = (true, _stop);

        // Outside the lock: it waits for who is being told to end, and those may want the lock.
        stop?.Dispose();
    }

    /// <summary>Wakes who waits.</summary>
    protected void Tell()
    {
        lock (_gate) _news?.TrySetResult(true);
    }

    /// <summary>
    /// Asks while the request waits. The time of a user is not the call's: that begins anew when there is an answer, and the call's place is another's
    /// until then.
    /// </summary>
    private async Task<IReadOnlyDictionary<string, InputResponse>> AskNowAsync(IReadOnlyDictionary<string, InputRequest> questions, CancellationToken cancellation)
    {
        lock (_gate)
        {
            if (_asking++ == 0)
            {
                _limit?.CancelAfter(Timeout.InfiniteTimeSpan);
                settings.Slots.Give();
            }
        }

        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        try
        {
            // Whether or not the wait for the client heeds its token, it ends here, and not on the main thread, which may stall meanwhile.
            var asking = ClientQuestions.AskAsync(Current.Server, questions, over.Token);
            if (await Task.WhenAny(asking, Task.Delay(settings.QuestionTimeout, over.Token)).ConfigureAwait(false) == asking) return await asking.ConfigureAwait(false);
            _ = asking.ContinueWith(static late => _ = late.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            cancellation.ThrowIfCancellationRequested();
            throw new TimeoutException($"The client has not answered within {settings.QuestionTimeout.TotalSeconds.ToString("0.#", CultureInfo.InvariantCulture)} s what it was asked.");
        }
        finally
        {
            lock (_gate)
            {
                if (--_asking == 0)
                {
                    settings.Slots.TakeBack();
                    _limit?.CancelAfter(_timeout);
                }
            }

            over.Cancel();
        }
    }

    private static TaskCompletionSource<bool> New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static async Task TellAsync(Func<Task> send)
    {
        try
        {
            await send();
        }
        catch (Exception e) when (e is InvalidOperationException or IOException)
        {
            // The request has ended, or its client has left: nobody is there to be told, and the call need not mind.
        }
    }

    private void Forget(Dictionary<string, Question> asked, CancellationToken cancellation)
    {
        lock (_gate)
        {
            foreach (var (key, question) in asked)
            {
                if (Open.TryGetValue(key, out var open) && open == question) Open.Remove(key);
            }
        }

        foreach (var question in asked.Values) question.Answer.TrySetCanceled(cancellation);
    }
}
