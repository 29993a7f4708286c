import Hart
