using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace Mimir.Embed.Calls;

/// <summary>What a client must be able to answer before it is asked.</summary>
internal static class ClientAbilities
{
    /// <summary>Checks that a client can answer all of it.</summary>
    /// <exception cref="MissingRequiredClientCapabilityException">It cannot, and its request says what it can.</exception>
    /// <exception cref="InvalidOperationException">It cannot, and was asked when its session began.</exception>
    public static void Demand(CallRequest request, IEnumerable<InputRequest> questions)
    {
        var able = request.Server.ClientCapabilities;
        var missing = new ClientCapabilities();
        var words = new List<string>();
        foreach (var method in questions.Select(static q => q.Method).Distinct(StringComparer.Ordinal))
        {
            if (method == RequestMethods.ElicitationCreate && able?.Elicitation is null)
            {
                missing.Elicitation = new ElicitationCapability();
                words.Add("The client cannot ask its user: it has no elicitation.");
            }
            else if (method == RequestMethods.SamplingCreateMessage && able?.Sampling is null)
            {
                missing.Sampling = new SamplingCapability();
                words.Add("The client cannot ask its model: it has no sampling.");
            }
            else if (method == RequestMethods.RootsList && able?.Roots is null)
            {
                missing.Roots = new RootsCapability();
                words.Add("The client has no roots.");
            }
        }

        if (words.Count == 0) return;

        // Only a request that brings its client's capabilities along can be told which of them it lacks.
        if (request.Message.Context?.ClientCapabilities is not null) throw new MissingRequiredClientCapabilityException(missing);
        throw new InvalidOperationException(string.Join(' ', words));
    }
}
