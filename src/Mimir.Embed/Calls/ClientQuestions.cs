using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Mimir.Embed.Calls;

/// <summary>Questions as requests to the client, in the era that has them.</summary>
internal static class ClientQuestions
{
    /// <summary>Asks all of it at once.</summary>
    /// <returns>The answers, by the keys of the questions.</returns>
    public static async Task<IReadOnlyDictionary<string, InputResponse>> AskAsync(McpServer server, IReadOnlyDictionary<string, InputRequest> questions, CancellationToken cancellation)
    {
        var answers = await Task.WhenAll(questions.Select(async q => (q.Key, Answer: await OneAsync(server, q.Value, cancellation).ConfigureAwait(false)))).ConfigureAwait(false);
        return answers.ToDictionary(static a => a.Key, static a => a.Answer, StringComparer.Ordinal);
    }

    private static async Task<InputResponse> OneAsync(McpServer server, InputRequest question, CancellationToken cancellation) => question.Method switch
    {
        RequestMethods.ElicitationCreate => InputResponse.FromElicitResult(await server.ElicitAsync(question.ElicitationParams!, cancellation).ConfigureAwait(false)),
        RequestMethods.SamplingCreateMessage => InputResponse.FromSamplingResult(await server.SampleAsync(question.SamplingParams!, cancellation).ConfigureAwait(false)),
        RequestMethods.RootsList => InputResponse.FromRootsResult(await server.RequestRootsAsync(question.RootsParams ?? new ListRootsRequestParams(), cancellation).ConfigureAwait(false)),
        _ => throw new NotSupportedException($"A client cannot be asked {question.Method}."),
    };
}
