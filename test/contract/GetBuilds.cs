using System;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Threading.Tasks;

// The sample of Azure DevOps' page "Use personal access tokens". Around it only what a program needs to run it: a
// Main that waits, since `async void` can't be awaited.
public static class Program
{
    public static void Main() { GetBuilds().Wait(); }

    public static async Task GetBuilds()
    {
        try
        {
            var personalaccesstoken = "PATFROMWEB";

            using (HttpClient client = new HttpClient())
            {
                client.DefaultRequestHeaders.Accept.Add(
                    new System.Net.Http.Headers.MediaTypeWithQualityHeaderValue("application/json"));

                client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic",
                    Convert.ToBase64String(
                        System.Text.ASCIIEncoding.ASCII.GetBytes(
                            string.Format("{0}:{1}", "", personalaccesstoken))));

                using (HttpResponseMessage response = client.GetAsync(
                            "https://dev.azure.com/{organization}/{project}/_apis/build/builds?api-version=5.0").Result)
                {
                    response.EnsureSuccessStatusCode();
                    string responseBody = await response.Content.ReadAsStringAsync();
                    Console.WriteLine(responseBody);
                }
            }
        }
        catch (Exception ex)
        {
            Console.WriteLine(ex.ToString());
        }
    }
}
