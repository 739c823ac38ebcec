using Mimir.Embed.Attributes;
using Mimir.Embed.Calls;
using Mimir.Embed.Completions;
using Mimir.Embed.Prompts;
using Mimir.Embed.Tools;
using ModelContextProtocol.Server;

namespace Mimir.Embed.Hosting;

/// <summary>The prompts of a host. They come and go while it runs, and clients are told.</summary>
public sealed class PromptTable
{
    private readonly Func<CallSettings> _settings;

    internal PromptTable(Func<CallSettings> settings) => _settings = settings;

    /// <summary>The names, in no order.</summary>
    public IReadOnlyCollection<string> Names => [.. Collection.PrimitiveNames];

    internal McpServerPrimitiveCollection<McpServerPrompt> Collection { get; } = new(StringComparer.Ordinal);

    /// <summary>Adds a prompt.</summary>
    /// <exception cref="ArgumentException">Its name is no name of a prompt, or is taken.</exception>
    public void Add(PromptDefinition prompt)
    {
        ToolNames.Check(prompt.Name, "prompt");
        if (!Collection.TryAdd(new EmbeddedPrompt(prompt, _settings()))) throw new ArgumentException($"There is a prompt {prompt.Name} already.");
    }

    /// <summary>Adds a function.</summary>
    /// <param name="name">The prompt's name.</param>
    /// <param name="description">What it is for, for the user.</param>
    /// <param name="function">
    /// What makes it: a text, a <see cref="PromptResult"/> or messages. Its parameters are the prompt's arguments; a <see cref="PromptContext"/> and a
    /// <see cref="CancellationToken"/> are given to it.
    /// </param>
    /// <param name="runOn">Where it runs.</param>
    /// <exception cref="ArgumentException">The name is none or is taken, or a parameter cannot be written as a text.</exception>
    public void Add(string name, string description, Delegate function, RunOn runOn = RunOn.Main) =>
        Add(PromptMaker.OfMethod(new McpPromptAttribute(name, description) { RunOn = runOn }, function.Method, function.Target));

    /// <summary>Adds all methods of an object that are marked with <see cref="McpPromptAttribute"/>.</summary>
    /// <exception cref="ArgumentException">There are none, a name is taken, or a parameter cannot be written as a text.</exception>
    public void AddMethods(object owner)
    {
        foreach (var prompt in PromptMaker.OfMethods(owner)) Add(prompt);
    }

    /// <summary>Offers values for an argument: those that begin with what the user has written. Enums, booleans and choices have theirs without it.</summary>
    /// <param name="prompt">The prompt.</param>
    /// <param name="argument">Its argument.</param>
    /// <param name="values">The values; 100 at a time are told.</param>
    /// <exception cref="ArgumentException">There is no such prompt, or it has no such argument.</exception>
    public void Complete(string prompt, string argument, params string[] values) => CompletersOf(prompt, argument).Set(argument, Completer.Of(values));

    /// <summary>Offers values for an argument.</summary>
    /// <param name="prompt">The prompt.</param>
    /// <param name="argument">Its argument.</param>
    /// <param name="find">Finds them, the best first; 100 at a time are told.</param>
    /// <param name="runOn">Where they are found.</param>
    /// <exception cref="ArgumentException">There is no such prompt, or it has no such argument.</exception>
    public void Complete(string prompt, string argument, Func<CompletionRequest, IEnumerable<string>> find, RunOn runOn = RunOn.Main) =>
        CompletersOf(prompt, argument).Set(argument, Completer.Of(find, runOn));

    /// <summary>Offers values for an argument.</summary>
    /// <param name="prompt">The prompt.</param>
    /// <param name="argument">Its argument.</param>
    /// <param name="find">Finds them, the best first; 100 at a time are told.</param>
    /// <param name="runOn">Where they are found.</param>
    /// <exception cref="ArgumentException">There is no such prompt, or it has no such argument.</exception>
    public void Complete(string prompt, string argument, Func<CompletionRequest, ValueTask<IEnumerable<string>>> find, RunOn runOn = RunOn.Main) =>
        CompletersOf(prompt, argument).Set(argument, new Completer(find, runOn));

    /// <summary>Removes a prompt. Those that run end as they would.</summary>
    /// <returns>Whether it was there.</returns>
    public bool Remove(string name) => Collection.TryGetPrimitive(name, out var prompt) && Collection.Remove(prompt);

    private CompleterTable CompletersOf(string prompt, string argument)
    {
        if (!Collection.TryGetPrimitive(prompt, out var found) || found is not EmbeddedPrompt known) throw new ArgumentException($"There is no prompt {prompt}: add it first.");
        if (known.ProtocolPrompt.Arguments?.Any(a => a.Name == argument) != true) throw new ArgumentException($"The prompt {prompt} has no argument {argument}.");
        return known.Completers;
    }
}
