using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Mimir.Embed.Threads;
using ModelContextProtocol.Protocol;

namespace Mimir.Embed.Tools;

/// <summary>One call of something that an app shows: what it was given, and what it may say to its client and ask of it while it runs.</summary>
public abstract class CallContext
{
    private readonly ICallWire _wire;

    private protected CallContext(IReadOnlyDictionary<string, JsonElement> arguments, IMainThread main, ICallWire wire)
    {
        Arguments = arguments;
        Main = main;
        _wire = wire;
    }

    /// <summary>The arguments as they were sent.</summary>
    public IReadOnlyDictionary<string, JsonElement> Arguments { get; }

    /// <summary>The app's main thread.</summary>
    public IMainThread Main { get; }

    /// <summary>Set when the client cancels the call or leaves, when its time is up and when the host stops.</summary>
    public CancellationToken Cancellation => _wire.Cancellation;

    /// <summary>What the client can be asked; null when it has not said.</summary>
    public ClientCapabilities? Client => _wire.Client;

    /// <summary>Tells the client how far it is. Nothing is sent when it did not ask to be told.</summary>
    /// <param name="progress">How far; more than the last time.</param>
    /// <param name="total">Of how much; null when nobody knows.</param>
    /// <param name="message">In words; null for none.</param>
    public ValueTask ReportAsync(double progress, double? total = null, string? message = null) => _wire.ReportAsync(progress, total, message);

    /// <summary>
    /// Writes a line of the log that the client sees. Nothing is sent below the level that the client asked for: with each request in the newest
    /// revision, where none means no lines; with <c>logging/setLevel</c> in those before, where it is <c>info</c> until it is set.
    /// </summary>
    /// <param name="level">How bad it is.</param>
    /// <param name="message">What is to be said.</param>
    /// <param name="logger">Which part of the app says it; null for none.</param>
    public ValueTask LogAsync(LogSeverity level, string message, string? logger = null) => _wire.LogAsync(level, message, logger);

    /// <summary>Asks the user, by the client, in either era.</summary>
    /// <param name="question">The message and what is to be filled in.</param>
    /// <param name="key">What the question is called while others are open. A client that knows it may bring the answer with the call.</param>
    /// <returns>What the user did: accepted with the answers, declined or dismissed it.</returns>
    /// <exception cref="InvalidOperationException">The client cannot ask its user, or a question of that key is open.</exception>
    public Task<ElicitResult> AskAsync(ElicitRequestParams question, string key = "question") => OneAsync(key, InputRequest.ForElicitation(question), InputResponse.ElicitResultJsonTypeInfo);

    /// <summary>Asks several things at once, each by its key: the user, the client's model, its roots.</summary>
    /// <param name="questions">What is asked, as <see cref="InputRequest"/> makes it.</param>
    /// <returns>The answers by the keys of the questions, each of them readable as what the question asks for.</returns>
    /// <exception cref="InvalidOperationException">The client cannot answer such questions, or a question of one of the keys is open.</exception>
    public Task<IReadOnlyDictionary<string, InputResponse>> AskAsync(IReadOnlyDictionary<string, InputRequest> questions) => _wire.AskAsync(questions, Cancellation);

    /// <summary>Asks the user to agree.</summary>
    /// <returns>Whether the user did.</returns>
    /// <exception cref="InvalidOperationException">The client cannot ask its user.</exception>
    public async Task<bool> ConfirmAsync(string message) => (await AskAsync(new ElicitRequestParams { Message = message, RequestedSchema = new() })).Action == "accept";

    /// <summary>Asks the client's model.</summary>
    /// <param name="prompt">What it is asked.</param>
    /// <param name="maxTokens">Longest answer, in tokens.</param>
    /// <param name="system">What it is told to be; null for nothing.</param>
    /// <param name="key">What the question is called while others are open.</param>
    /// <returns>The text of its answer.</returns>
    /// <exception cref="InvalidOperationException">The client has no model to ask, or a question of that key is open.</exception>
    public async Task<string> SampleAsync(string prompt, int maxTokens = 1000, string? system = null, string key = "sample")
    {
        var asked = new CreateMessageRequestParams
        {
            Messages = [new SamplingMessage { Role = Role.User, Content = [new TextContentBlock { Text = prompt }] }],
            MaxTokens = maxTokens,
            SystemPrompt = system,
        };
        var said = await OneAsync(key, InputRequest.ForSampling(asked), InputResponse.CreateMessageResultJsonTypeInfo);
        return string.Concat(said.Content.OfType<TextContentBlock>().Select(static block => block.Text));
    }

    /// <summary>Goes on in a later turn of the main thread: what is awaited on that thread lets a frame pass.</summary>
    /// <exception cref="InvalidOperationException">Too much waits for the main thread.</exception>
    /// <exception cref="OperationCanceledException">The call was cancelled.</exception>
    public Task NextFrameAsync() => MainThreadCalls.NextFrameAsync(Main, Cancellation);

    private async Task<T> OneAsync<T>(string key, InputRequest question, JsonTypeInfo<T> type)
        where T : class
    {
        var answers = await _wire.AskAsync(new Dictionary<string, InputRequest>(StringComparer.Ordinal) { [key] = question }, Cancellation);
        return answers[key].Deserialize(type)!;
    }
}
