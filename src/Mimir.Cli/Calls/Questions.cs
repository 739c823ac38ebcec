using Mimir.Cli.Terminal;
using ModelContextProtocol.Protocol;

namespace Mimir.Cli.Calls;

/// <summary>Puts the questions of a server to whoever sits at the terminal, one at a time, and says who asks.</summary>
/// <param name="console">Questions go to stderr, answers come from stdin.</param>
/// <param name="live">The line of progress, held back while a question stands.</param>
/// <param name="server">The operator's name of the server that asks, not the one it calls itself.</param>
internal sealed class Questions(CliConsole console, LiveLine live, string server) : IDisposable
{
    private readonly SemaphoreSlim _oneAtATime = new(1, 1);

    /// <summary>Asks one question.</summary>
    /// <returns>Accepted with content, declined, or cancelled, which is also what the end of stdin means.</returns>
    public async ValueTask<ElicitResult> AnswerAsync(ElicitRequestParams? question, CancellationToken cancellationToken)
    {
        if (question is null)
        {
            return Answers.Cancel;
        }

        await _oneAtATime.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            using var held = live.Hold();
            console.Error.WriteLine($"{console.OnError(Ink.Bold, SafeText.Prose(server))} asks: {SafeText.Block(question.Message)}");
            return question.Mode == "url"
                ? await UrlQuestion.AskAsync(console, question.Url, cancellationToken).ConfigureAwait(false)
                : await FormQuestion.AskAsync(console, question.RequestedSchema, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            console.Error.WriteLine();
            console.Error.WriteLine("The question was withdrawn.");
            throw;
        }
        catch (InvalidDataException e)
        {
            console.Error.WriteLine(e.Message);
            return Answers.Cancel;
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    /// <summary>Shows the addresses a server wants visited before it takes the call at all.</summary>
    public async Task ShowRequiredUrlsAsync(IEnumerable<ElicitRequestParams> required, CancellationToken cancellationToken)
    {
        console.Error.WriteLine($"{console.OnError(Ink.Bold, SafeText.Prose(server))} wants something done in a browser before it takes this call.");
        foreach (var visit in required)
        {
            await AnswerAsync(visit, cancellationToken).ConfigureAwait(false);
        }

        console.Error.WriteLine("When that is done, make the call again.");
    }

    /// <inheritdoc/>
    public void Dispose() => _oneAtATime.Dispose();
}
