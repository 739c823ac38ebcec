using System.Buffers;
using System.Text;
using Mimir.Protocol.Envelopes;

namespace Mimir.Router.Bridging;

/// <summary>A question of a legacy server that travels to a modern client in an answer, and back in its next request.</summary>
/// <param name="Key">What the client is to call its answer.</param>
/// <param name="Id">The server's id of the question, byte for byte; empty when the server waits for no answer.</param>
/// <param name="Method">What is asked.</param>
/// <param name="Entry">The JSON of <c>{method, params}</c>.</param>
internal sealed record ParkedQuestion(string Key, byte[] Id, McpMethod Method, byte[] Entry)
{
    /// <summary>True while the client has it.</summary>
    public bool IsAsked { get; set; }

    /// <summary>The answer that asks: all questions, which the client has from here on, and the state with which it comes back.</summary>
    /// <param name="questions">The questions.</param>
    /// <param name="callerId">The id of the client's request, byte for byte.</param>
    /// <param name="state">The state, in characters that JSON need not escape.</param>
    public static byte[] Ask(IReadOnlyList<ParkedQuestion> questions, ReadOnlySpan<byte> callerId, ReadOnlySpan<byte> state)
    {
        var output = new ArrayBufferWriter<byte>(512);
        output.Write("{\"jsonrpc\":\"2.0\",\"id\":"u8);
        output.Write(callerId);
        output.Write(",\"result\":{\"resultType\":\"input_required\",\"inputRequests\":{"u8);
        for (var i = 0; i < questions.Count; i++)
        {
            var question = questions[i];
            question.IsAsked = true;
            output.Write(i == 0 ? "\""u8 : ",\""u8);
            output.Write(Encoding.ASCII.GetBytes(question.Key));
            output.Write("\":"u8);
            output.Write(question.Entry);
        }

        output.Write("},\"requestState\":\""u8);
        output.Write(state);
        output.Write("\"}}"u8);
        return output.WrittenSpan.ToArray();
    }
}
