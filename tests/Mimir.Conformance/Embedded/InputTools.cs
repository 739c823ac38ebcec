using Mimir.Embed.Attributes;
using Mimir.Embed.Tools;
using ModelContextProtocol.Protocol;

namespace Mimir.Conformance.Embedded;

/// <summary>Tools whose questions are answers of requests, in the era that has no requests of the server's.</summary>
internal sealed class InputTools
{
    [McpTool("test_input_required_result_elicitation", "Asks for a name and greets.")]
    public async Task<string> ElicitAsync(ToolContext context) => AskingTools.Greeting(await context.AskAsync(Forms.Name, "user_name"));

    [McpTool("test_input_required_result_sampling", "Asks the client's model for a capital.")]
    public Task<string> SampleAsync(ToolContext context) => context.SampleAsync("What is the capital of France?", 100, key: "capital_question");

    [McpTool("test_input_required_result_list_roots", "Asks for the client's roots.")]
    public async Task<string> RootsAsync(ToolContext context)
    {
        var answers = await context.AskAsync(new Dictionary<string, InputRequest> { ["client_roots"] = InputRequest.ForRootsList(new ListRootsRequestParams()) });
        return string.Join('\n', Roots(answers).Select(static root => root.Uri));
    }

    [McpTool("test_input_required_result_request_state", "Asks under a state it must see again.")]
    public async Task<string> StateAsync(ToolContext context) => (await context.AskAsync(Forms.Ok, "confirm")).Action == "accept" ? "state-ok" : "not confirmed";

    [McpTool("test_input_required_result_tampered_state", "Refuses a state that was bent.")]
    public async Task<string> TamperedAsync(ToolContext context) => (await context.AskAsync(Forms.Ok, "confirm")).Action == "accept" ? "the state was whole" : "not confirmed";

    [McpTool("test_input_required_result_multiple_inputs", "Asks for three things of three kinds at once.")]
    public async Task<string> ManyAsync(ToolContext context)
    {
        var answers = await context.AskAsync(new Dictionary<string, InputRequest>
        {
            ["user_name"] = InputRequest.ForElicitation(Forms.Name),
            ["greeting"] = InputRequest.ForSampling(Sampling("Generate a greeting", 50)),
            ["client_roots"] = InputRequest.ForRootsList(new ListRootsRequestParams()),
        });
        var name = answers["user_name"].Deserialize(InputResponse.ElicitResultJsonTypeInfo)!.Field("name");
        var greeting = answers["greeting"].Deserialize(InputResponse.CreateMessageResultJsonTypeInfo)!.Content.OfType<TextContentBlock>().First().Text;
        return $"{greeting} {name}, {Roots(answers).Count} roots";
    }

    [McpTool("test_input_required_result_multi_round", "Asks twice, the second time knowing the first answer.")]
    public async Task<string> RoundsAsync(ToolContext context)
    {
        var name = (await context.AskAsync(Forms.Step1, "step1")).Field("name");
        var color = (await context.AskAsync(Forms.Step2, "step2")).Field("color");
        return $"{name} likes {color}";
    }

    [McpTool("test_input_required_result_capabilities", "Asks only for what the client said it can answer.")]
    public async Task<string> CapabilitiesAsync(ToolContext context)
    {
        var questions = new Dictionary<string, InputRequest>();
        if (context.Client?.Sampling is not null) questions["sampled"] = InputRequest.ForSampling(Sampling("Say hello", 20));
        if (context.Client?.Elicitation is not null) questions["user_name"] = InputRequest.ForElicitation(Forms.Name);
        if (context.Client?.Roots is not null) questions["client_roots"] = InputRequest.ForRootsList(new ListRootsRequestParams());
        return $"{(await context.AskAsync(questions)).Count} answers";
    }

    private static CreateMessageRequestParams Sampling(string prompt, int maxTokens) =>
        new() { Messages = [new SamplingMessage { Role = Role.User, Content = [new TextContentBlock { Text = prompt }] }], MaxTokens = maxTokens };

    private static IList<Root> Roots(IReadOnlyDictionary<string, InputResponse> answers) => answers["client_roots"].Deserialize(InputResponse.ListRootsResultJsonTypeInfo)!.Roots;
}
