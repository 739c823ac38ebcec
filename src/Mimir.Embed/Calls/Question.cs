using System.Text.Json;
using ModelContextProtocol.Protocol;

namespace Mimir.Embed.Calls;

/// <summary>Something that a client is asked, and its answer.</summary>
/// <param name="request">What it is asked.</param>
internal sealed class Question(InputRequest request)
{
    /// <summary>What it is asked.</summary>
    public InputRequest Request => request;

    /// <summary>The answer.</summary>
    public TaskCompletionSource<InputResponse> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The answer among those that came.</summary>
    /// <returns>Null when there is none, or it is no answer to such a question: then it is asked again.</returns>
    public InputResponse? AnswerIn(IDictionary<string, InputResponse>? responses, string key)
    {
        if (responses is null || !responses.TryGetValue(key, out var response) || response is null) return null;
        try
        {
            object? read = request.Method switch
            {
                RequestMethods.ElicitationCreate => response.Deserialize(InputResponse.ElicitResultJsonTypeInfo),
                RequestMethods.SamplingCreateMessage => response.Deserialize(InputResponse.CreateMessageResultJsonTypeInfo),
                _ => response.Deserialize(InputResponse.ListRootsResultJsonTypeInfo),
            };
            return read is null ? null : response;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
